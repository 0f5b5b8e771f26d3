import type { Extent } from "./extent.ts";
import { besideEachOther, timed, warm } from "./load.ts";
import { fanOut, textSteps } from "./plans.ts";
import { atLeast, atMost, type Finding, milliseconds, perSecond } from "./report.ts";
import type { BenchSession } from "./session.ts";

/** The most milliseconds that a step may add where its provider answers at once. */
const stepGoalMs = 15;
/** Branches of a fan-out at a time. */
const branches = 50;

/**
 * What an execution costs as people ask for it: token, instance, agents, quota,
 * three calls of the sandbox provider, usage and history. Beside a bare hop, and
 * beside a Workflow that makes the same three calls and nothing else.
 */
export async function benchRuns(
  { instanceOf, execution, directRun, baselineCall }: BenchSession,
  { rounds, turns, parallelRuns, items }: Extent,
): Promise<Finding[]> {
  const oneStep = execution(await instanceOf("One step", textSteps(1)));
  const threeSteps = execution(await instanceOf("Three steps", textSteps(3)));
  const wide = execution(await instanceOf("Fan-out", fanOut), {
    items: Array.from({ length: items }, (_, index) => `item ${index}`),
  });
  const [hopCall, workflowCall] = [baselineCall("/hop"), baselineCall("/workflow/sandbox")];
  await warm(oneStep, threeSteps, directRun, hopCall, workflowCall);

  const alone = { count: rounds, turns };
  const [hop, single] = await besideEachOther(hopCall, threeSteps, alone);
  const [one, three] = await besideEachOther(oneStep, threeSteps, alone);
  const [beside, workflow] = await besideEachOther(threeSteps, workflowCall, alone);
  const perStep = (three.median - one.median) / 2;

  const atOnce = { count: parallelRuns, concurrency: parallelRuns, turns };
  const [runs, workflows] = await besideEachOther(threeSteps, workflowCall, atOnce);
  const [whole, orchestrated] = await besideEachOther(threeSteps, directRun, atOnce);

  const hops = await timed(hopCall, { count: items, concurrency: branches });
  const fan = await timed(wide, { count: 1 });
  const stepsPerSecond = items * fan.perSecond;

  const what = "three-step execution, one at a time (median)";
  return [
    atMost(10, {
      what,
      measured: milliseconds(single.median),
      baseline: `${milliseconds(hop.median)} bare Durable Object + queue hop`,
      ratio: single.median / hop.median,
    }),
    atMost(1, {
      what: "latency that one more step adds (median)",
      measured: milliseconds(perStep),
      baseline: `${milliseconds(stepGoalMs)} (the goal)`,
      ratio: perStep / stepGoalMs,
    }),
    atMost(1, {
      what,
      measured: milliseconds(beside.median),
      baseline: `${milliseconds(workflow.median)} Cloudflare Workflow`,
      ratio: beside.median / workflow.median,
    }),
    atLeast(1, {
      what: `three-step executions, ${parallelRuns} at once`,
      measured: perSecond(runs.perSecond),
      baseline: `${perSecond(workflows.perSecond)} Cloudflare Workflows`,
      ratio: runs.perSecond / workflows.perSecond,
    }),
    atLeast(0.6, {
      what: `three-step executions, ${parallelRuns} at once`,
      measured: perSecond(whole.perSecond),
      baseline: `${perSecond(orchestrated.perSecond)} of the orchestrator alone`,
      ratio: whole.perSecond / orchestrated.perSecond,
    }),
    atLeast(0.3, {
      what: `steps of one tenant object, ${items} items, ${branches} at once`,
      measured: perSecond(stepsPerSecond),
      baseline: `${perSecond(hops.perSecond)} bare hops`,
      ratio: stepsPerSecond / hops.perSecond,
    }),
  ];
}
