import { circuitBreaker } from "#durable-objects/circuit-breaker/client.ts";
import type { DurableObjectNamespaces } from "#durable-objects/environment.ts";
import { tenantWorkflowsOfRun } from "#durable-objects/tenant-workflows/client.ts";
import type { AgentProviders } from "#src/agents/agent-providers.ts";
import { performTask } from "#src/agents/perform-task.ts";
import { TaskError } from "#src/engine/task-error.ts";
import { settingsOf } from "#src/kernel/config.ts";
import { createLogger } from "#src/observability/logger.ts";
import { AnthropicClient } from "#src/providers/anthropic/anthropic-client.ts";
import { modelTable } from "#src/providers/anthropic/model-prices.ts";
import { chooseUpstream } from "#src/providers/upstream.ts";
import { consumeTasks } from "#src/tasks/consume-tasks.ts";
import { type DeadLetterBindings, deadLettersOf } from "#src/tasks/dead-letter-queues.ts";
import { detachedWork } from "#src/tasks/detached-work.ts";

/** Bindings of the agents Worker (its wrangler.toml). */
export interface AgentsEnv
  extends Pick<DurableObjectNamespaces, "TENANT_WORKFLOWS" | "CIRCUIT_BREAKER">,
    DeadLetterBindings<"agents"> {
  BLOBS: R2Bucket;
  /** Bound in development only. */
  SANDBOX?: Fetcher;
}

const known = new WeakMap<AgentsEnv, Omit<AgentProviders, "breaker">>();

/** The provider's client, made once per isolate. */
function modelsOf(env: AgentsEnv): Omit<AgentProviders, "breaker"> {
  const made = known.get(env);
  if (made) return made;
  const settings = settingsOf(env);
  const { ANTHROPIC_API_KEY: key, ANTHROPIC_BASE_URL: url } = settings;
  const upstream = chooseUpstream(
    { key, url, defaultUrl: "https://api.anthropic.com" },
    settings,
    env.SANDBOX,
  );
  if (!upstream) throw new TaskError("AI_SERVICE_ERROR", "No AI provider is configured");
  const models = modelTable(settings.MODEL_PRICES);
  const providers = { anthropic: new AnthropicClient(upstream, { models }), models };
  known.set(env, providers);
  return providers;
}

const providers = (env: AgentsEnv): AgentProviders => ({
  ...modelsOf(env),
  breaker: circuitBreaker(env, "anthropic"),
});

export default {
  async queue(batch, env, ctx) {
    await consumeTasks(batch, {
      name: "agents",
      workflowsOf: (clientId, runId) => tenantWorkflowsOfRun(env, clientId, runId),
      deadLetters: deadLettersOf("agents", env, batch.queue),
      blobs: env.BLOBS,
      detached: detachedWork(env, ctx),
      logger: createLogger("agents", settingsOf(env).LOG_LEVEL),
      work: async (task) => performTask(task, providers(env)),
    });
  },
} satisfies ExportedHandler<AgentsEnv>;
