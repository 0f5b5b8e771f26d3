import { activeAgents } from "#src/agent-definitions/index.ts";
import type { Database } from "#src/db/client.ts";
import { answeringSteps } from "#src/engine/plans/answering-step.ts";
import type { Plan } from "#src/engine/plans/plan.ts";
import {
  noWorkflow,
  problemOfWorkflow,
  workflowIn,
  workflowsCalledBy,
} from "#src/engine/plans/workflow-graph.ts";
import type { AgentRoute } from "#src/engine/start-run.ts";
import { workflowPrefix } from "#src/engine/topics.ts";
import { agentsNeeded } from "#src/runs/index.ts";
import { type ResolvedWorkflow, resolveWorkflows } from "#src/workflow-definitions/index.ts";

/** What turns of a persona follow, as it is now. */
interface ChatWorkflow {
  definition: ResolvedWorkflow;
  /** What it reaches, at any depth. */
  workflows: Record<string, ResolvedWorkflow>;
  /** The agents that its steps are for. */
  agents: Record<string, AgentRoute>;
}

/** The workflow that a publication names, or why turns cannot follow it. */
export async function resolveChatWorkflow(
  db: Database,
  clientId: string,
  name: string,
  config: Record<string, unknown> = {},
): Promise<{ ok: true; value: ChatWorkflow } | { ok: false; problem: string }> {
  const naming: Plan = {
    start_step: "turn",
    steps: { turn: { action: "workflow", topic: `${workflowPrefix}${name}`, description: "" } },
  };
  const [found, agents] = await Promise.all([
    resolveWorkflows(db, clientId, naming),
    activeAgents(db, clientId),
  ]);
  const definition = workflowIn(found, name);
  if (!definition) return { ok: false, problem: noWorkflow(name) };
  const { plan } = definition;
  if (answeringSteps(plan).length !== 1)
    return { ok: false, problem: `No step of ${name} has the action chat_turn` };
  for (const called of workflowsCalledBy(plan)) {
    const problem = problemOfWorkflow(called, found);
    if (problem !== undefined) return { ok: false, problem };
  }
  const { [name]: _, ...workflows } = found;
  return {
    ok: true,
    value: { definition, workflows, agents: agentsNeeded({ plan, workflows }, config, agents) },
  };
}
