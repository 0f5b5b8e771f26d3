import { tenantWorkflowsOfRun } from "#durable-objects/tenant-workflows/client.ts";
import { settingsOf } from "#src/kernel/config.ts";
import { createLogger } from "#src/observability/logger.ts";
import { consumeTasks } from "#src/tasks/consume-tasks.ts";
import { detachedWork } from "#src/tasks/detached-work.ts";
import agents, { type AgentsEnv } from "#workers/agents/index.ts";

/** The agents Worker, but that its low lane has an instant provider: what is left of a step is its orchestration. */
export default {
  async queue(batch, env, ctx) {
    if (batch.queue !== "agent-tasks-low") return agents.queue(batch, env, ctx);
    await consumeTasks(batch, {
      name: "agents",
      workflowsOf: (clientId, runId) => tenantWorkflowsOfRun(env, clientId, runId),
      deadLetters: env.AGENT_TASKS_LOW_DLQ,
      blobs: env.BLOBS,
      detached: detachedWork(env, ctx),
      logger: createLogger("agents", settingsOf(env).LOG_LEVEL),
      work: async () => ({ output: { text: "done" } }),
    });
  },
} satisfies ExportedHandler<AgentsEnv>;
