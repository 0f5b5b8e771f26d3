import type { Extent } from "./extent.ts";
import { byTurns, warm } from "./load.ts";
import { atLeast, atMost, type Finding, milliseconds, perSecond } from "./report.ts";
import type { BenchSession } from "./session.ts";

/**
 * The orchestrator beside Cloudflare Workflows: the same three steps with an
 * instant provider, both started by a call from the same bare Worker.
 */
export async function benchOrchestrator(
  { directRun, baselineCall }: BenchSession,
  { rounds, parallelRuns, turns }: Extent,
): Promise<Finding[]> {
  const workflow = baselineCall("/workflow/instant");
  const atOnce = { count: parallelRuns, concurrency: parallelRuns };
  await warm(directRun, workflow);

  const [alone, workflowAlone] = await byTurns(directRun, workflow, { count: rounds, turns });
  const [many, workflows] = await byTurns(directRun, workflow, { ...atOnce, turns });
  return [
    atMost(1, {
      what: "orchestrator: three instant steps, one run at a time (median)",
      measured: milliseconds(alone.median),
      baseline: `${milliseconds(workflowAlone.median)} Cloudflare Workflow`,
      ratio: alone.median / workflowAlone.median,
    }),
    atLeast(3, {
      what: `orchestrator: three instant steps, ${parallelRuns} runs at once`,
      measured: perSecond(many.perSecond),
      baseline: `${perSecond(workflows.perSecond)} Cloudflare Workflows`,
      ratio: many.perSecond / workflows.perSecond,
    }),
  ];
}
