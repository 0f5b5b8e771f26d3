import { z } from "@hono/zod-openapi";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import { findInstance } from "#src/personas/index.ts";
import { runSummary } from "#src/runs/index.ts";
import { agentDetailSchema, agentParams } from "./agent-schemas.ts";
import { describeAgents } from "./describe-agents.ts";

const shownExecutions = 10;

export const getAgent = operation({
  name: "getAgent",
  summary: "One persona instance with usage, health and its latest executions",
  input: z.object({ params: agentParams }),
  output: agentDetailSchema,
  refusals: ["NOT_FOUND"],
  run: async (platform, actor, { params }) => {
    const instance = await findInstance(platform.db, actor, params.agent_id);
    const [described] = instance ? await describeAgents(platform, [instance]) : [];
    if (!described) throw new AppError("NOT_FOUND");
    const { agent, runs } = described;
    const names = new Map([[agent.id, agent.name]]);
    const executions = runs.slice(0, shownExecutions).map((run) => runSummary(run, names));
    return { agent, executions };
  },
});
