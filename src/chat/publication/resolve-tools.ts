import type { Database } from "#src/db/client.ts";
import type { Plan } from "#src/engine/plans/plan.ts";
import { problemOfWorkflow } from "#src/engine/plans/workflow-graph.ts";
import { workflowPrefix } from "#src/engine/topics.ts";
import { withoutPrefix } from "#src/text/cut-text.ts";
import { type ResolvedWorkflow, resolveWorkflows } from "#src/workflow-definitions/index.ts";

interface ResolvedTools {
  /** The workflows among them, with all that these reach. */
  workflows: Record<string, ResolvedWorkflow>;
  /** What of them is not there. */
  problems: { path: string; message: string }[];
}

/** What a persona's tools are made of now: of workflows the versions there are. Without any it costs no query. */
export async function resolveTools(
  db: Database,
  clientId: string,
  tools: readonly string[],
): Promise<ResolvedTools> {
  const plan: Plan = {
    start_step: "answer",
    steps: { answer: { action: "chat_turn", description: "", tools: [...tools] } },
  };
  const workflows = await resolveWorkflows(db, clientId, plan);
  const problems = tools.flatMap((name, index) => {
    const problem = name.startsWith(workflowPrefix)
      ? problemOfWorkflow(withoutPrefix(name, workflowPrefix), workflows)
      : undefined;
    return problem === undefined ? [] : [{ path: `tools.${index}`, message: problem }];
  });
  return { workflows, problems };
}
