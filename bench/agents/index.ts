import { taskPlatformOf } from "#src/task-platform.ts";
import { consumeTasks } from "#src/tasks/consume-tasks.ts";
import agents, { type AgentsEnv } from "#workers/agents/index.ts";

/** The agents Worker, but that its low lane has an instant provider: what is left of a step is its orchestration. */
export default {
  async queue(batch, env, ctx) {
    if (batch.queue !== "agent-tasks-low") return agents.queue(batch, env, ctx);
    await consumeTasks(batch, {
      ...taskPlatformOf("agents", env, batch.queue, ctx),
      work: async () => ({ output: { text: "done" } }),
    });
  },
} satisfies ExportedHandler<AgentsEnv>;
