import { circuitBreaker } from "../../durable-objects/circuit-breaker/client.ts";
import type { DurableObjectNamespaces } from "../../durable-objects/environment.ts";
import { tenantWorkflowsOfRun } from "../../durable-objects/tenant-workflows/client.ts";
import { review } from "../../src/agents/reasoning/review.ts";
import { type AgentProviders, writeText } from "../../src/agents/write-text.ts";
import { settingsOf } from "../../src/config.ts";
import { consumeTasks } from "../../src/messaging/consume-tasks.ts";
import type { DeadLetter } from "../../src/messaging/dead-letter.ts";
import { TaskError } from "../../src/messaging/task-error.ts";
import { createLogger } from "../../src/observability/logger.ts";
import { AnthropicClient } from "../../src/providers/anthropic/anthropic-client.ts";
import { chooseUpstream } from "../../src/providers/upstream.ts";

/** Bindings of the agents Worker (its wrangler.toml). */
export interface AgentsEnv extends Pick<DurableObjectNamespaces, "TENANT_WORKFLOWS" | "CIRCUIT_BREAKER"> {
  BLOBS: R2Bucket;
  AGENT_TASKS_HIGH_DLQ: Queue<DeadLetter>;
  AGENT_TASKS_NORMAL_DLQ: Queue<DeadLetter>;
  AGENT_TASKS_LOW_DLQ: Queue<DeadLetter>;
  /** Bound in development only. */
  SANDBOX?: Fetcher;
}

const clients = new WeakMap<AgentsEnv, AnthropicClient>();

/** The provider's client, made once per isolate. */
function anthropicClient(env: AgentsEnv): AnthropicClient {
  const known = clients.get(env);
  if (known) return known;
  const settings = settingsOf(env);
  const upstream = chooseUpstream(
    {
      key: settings.ANTHROPIC_API_KEY,
      url: settings.ANTHROPIC_BASE_URL,
      defaultUrl: "https://api.anthropic.com",
    },
    settings,
    env.SANDBOX,
  );
  if (!upstream) throw new TaskError("AI_SERVICE_ERROR", "No AI provider is configured");
  const client = new AnthropicClient(upstream);
  clients.set(env, client);
  return client;
}

const providers = (env: AgentsEnv): AgentProviders => ({
  anthropic: anthropicClient(env),
  breaker: circuitBreaker(env, "anthropic"),
});

const deadLettersOf = (env: AgentsEnv, queue: string): Queue<DeadLetter> => {
  if (queue.startsWith("agent-tasks-high")) return env.AGENT_TASKS_HIGH_DLQ;
  return queue.startsWith("agent-tasks-low") ? env.AGENT_TASKS_LOW_DLQ : env.AGENT_TASKS_NORMAL_DLQ;
};

export default {
  async queue(batch, env) {
    await consumeTasks(batch, {
      workflowsOf: (clientId, runId) => tenantWorkflowsOfRun(env, clientId, runId),
      deadLetters: deadLettersOf(env, batch.queue),
      logger: createLogger("agents", settingsOf(env).LOG_LEVEL),
      work: (task) =>
        task.assignment.action === "reasoning_review"
          ? review(task, providers(env))
          : writeText(task, providers(env)),
    });
  },
} satisfies ExportedHandler<AgentsEnv>;
