import { withoutPrefix } from "#src/text/cut-text.ts";
import { type AttemptCounts, countsSince } from "./attempt-counts.ts";
import { type AttemptUsage, usageSince } from "./attempt-usage.ts";
import { limits } from "./limits.ts";
import { estimateFuel } from "./plans/fuel-estimate.ts";
import { workflowIn } from "./plans/workflow-graph.ts";
import type { RunHeader, RunState, TaskState } from "./run-state.ts";
import { workflowPrefix } from "./topics.ts";

/** Whether a task is carried out by a run of its own in the same object. */
export const isChildTask = ({ topic }: Pick<TaskState, "topic">): boolean => topic.startsWith(workflowPrefix);

/** The name in a `workflow:{name}` topic. */
export const workflowOfTopic = (topic: string): string => withoutPrefix(topic, workflowPrefix);

/** What a child run needs of its own; everything else it has from the run that no other waits for. */
export type ChildHeader = Pick<RunHeader, "id" | "createdAt" | "input" | "fuelBudget" | "parent">;

/** The header of the run that carries out a child task; undefined when there is no such workflow, or too deep down. */
export function childHeader(
  { header: parent, fuel }: RunState,
  task: TaskState,
  { id, createdAt }: { id: string; createdAt: number },
): RunHeader | undefined {
  const workflow = workflowOfTopic(task.topic);
  const definition = workflowIn(parent.workflows, workflow);
  const depth = (parent.parent?.depth ?? 0) + 1;
  if (!definition || depth > limits.childDepth) return undefined;
  const most = estimateFuel(definition.plan, parent).most ?? Number.POSITIVE_INFINITY;
  const allowed = parent.plan.steps[task.stepName]?.fuel_budget ?? most;
  return inheritedHeader(parent, {
    id,
    createdAt,
    input: task.input,
    // It has what it needs from the runs above it, as it needs it, and never more than this.
    fuelBudget: Math.min(allowed, most, fuel.budget - fuel.spent),
    parent: {
      runId: parent.id,
      taskId: task.id,
      attempt: task.attempt,
      rootId: parent.parent?.rootId ?? parent.id,
      workflow,
      depth,
    },
  });
}

/** A child's whole header: its own part, its plan, and the rest as its relatives have it. */
export const inheritedHeader = (relative: RunHeader, own: ChildHeader): RunHeader => ({
  ...relative,
  ...own,
  plan: workflowIn(relative.workflows, own.parent?.workflow ?? "")?.plan ?? relative.plan,
});

/** The part of a header that a child does not share. */
export const ownPart = ({ id, createdAt, input, fuelBudget, parent }: RunHeader): ChildHeader => ({
  id,
  createdAt,
  input,
  fuelBudget,
  parent,
});

const sumOf = (run: RunState, field: "tokensIn" | "tokensOut" | "costMicros"): number =>
  Object.values(run.tasks).reduce((total, task) => total + task[field], 0);

/** Fuel, tokens and money (millionths of a US dollar) that a child run has used, and the fuel that it holds now. */
export interface ChildUse {
  fuel: number;
  held: number;
  tokensIn: number;
  tokensOut: number;
  costMicros: number;
  /** Whether part of it is our estimate. */
  isEstimated?: boolean;
  /** Attempts of its tasks that have finished. */
  counted?: AttemptCounts;
  /** What those have used. */
  used?: AttemptUsage;
}

const isEstimated = ({ tasks }: RunState): boolean =>
  Object.values(tasks).some(({ isUsageEstimated }) => isUsageEstimated);

/** What a child run has used between two of its states; undefined when that is nothing, and it holds what it held. */
export function usedSince(before: RunState, after: RunState): ChildUse | undefined {
  const used = {
    fuel: after.fuel.spent - before.fuel.spent,
    held: after.fuel.reserved,
    tokensIn: sumOf(after, "tokensIn") - sumOf(before, "tokensIn"),
    tokensOut: sumOf(after, "tokensOut") - sumOf(before, "tokensOut"),
    costMicros: sumOf(after, "costMicros") - sumOf(before, "costMicros"),
  };
  const { held, ...amounts } = used;
  const counted = countsSince(before.counted ?? {}, after.counted ?? {});
  const ofAttempts = usageSince(before.used ?? {}, after.used ?? {});
  const isNews =
    held !== before.fuel.reserved || counted || Object.values(amounts).some((amount) => amount > 0);
  return isNews
    ? {
        ...used,
        ...(isEstimated(after) && { isEstimated: true }),
        ...(counted && { counted }),
        ...(ofAttempts && { used: ofAttempts }),
      }
    : undefined;
}

/** What a completed child run gives the task that waited for it. */
export const outputOfChild = ({ result }: RunState): Record<string, unknown> =>
  typeof result === "object" && result !== null && !Array.isArray(result) ? { ...result } : { result };
