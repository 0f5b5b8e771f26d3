import { agentTypeOfTopic, workflowPrefix } from "../messaging/topics.ts";
import { actionOf, actionOfSubTask, localActions, topicOfStep } from "./actions.ts";
import { fuelCost, mostFuel } from "./fuel.ts";
import { limits } from "./limits.ts";
import type { Plan } from "./plan.ts";
import type { RunHeader, RunState, TaskState } from "./run-state.ts";
import { workflowIn } from "./workflow-graph.ts";

/** Whether a task is carried out by a run of its own in the same object. */
export const isChildTask = ({ topic }: Pick<TaskState, "topic">): boolean => topic.startsWith(workflowPrefix);

/** The name in a `workflow:{name}` topic. */
export const workflowOfTopic = (topic: string): string => topic.slice(workflowPrefix.length);

type Surroundings = Pick<RunHeader, "config" | "agents" | "workflows">;

/** The most fuel that a plan can use when every step runs; null when that depends on its data. */
export const fuelCeiling = (plan: Plan, around: Surroundings): number | null =>
  ceilingAt(plan, around, 0, new Map());

/** @param known ceilings of workflows by depth and name: a plan may start the same one many times */
function ceilingAt(
  plan: Plan,
  around: Surroundings,
  depth: number,
  known: Map<string, number | null>,
): number | null {
  const ofTask = (action: string, topic: string): number | null => {
    if (isChildTask({ topic })) return ofChild(workflowOfTopic(topic));
    const agent = around.agents[agentTypeOfTopic(topic)];
    const model = around.config.model ?? agent?.defaultConfig.model;
    return mostFuel(action, { topic, category: agent?.category, model });
  };
  const ofChild = (name: string): number | null => {
    const key = `${depth}:${name}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const child = workflowIn(around.workflows, name);
    const ceiling =
      child && depth < limits.childDepth ? ceilingAt(child.plan, around, depth + 1, known) : null;
    known.set(key, ceiling);
    return ceiling;
  };
  let total = 0;
  for (const step of Object.values(plan.steps)) {
    const action = actionOf(step.action);
    const topic = topicOfStep(step, around.config) ?? "";
    const costs =
      action === "fan_out"
        ? (step.sub_tasks ?? []).map((task) => ofTask(actionOfSubTask(task), task.topic))
        : localActions.includes(action)
          ? []
          : [ofTask(action, topic)];
    if (step.for_each !== undefined || costs.includes(null)) return null;
    const own = localActions.includes(action) ? fuelCost(action, {}) : 0;
    total += costs.reduce<number>((sum, cost) => sum + (cost ?? 0), own);
  }
  return total;
}

/** What a child run needs of its own; everything else it has from the run that no other waits for. */
export type ChildHeader = Pick<RunHeader, "id" | "createdAt" | "input" | "fuelBudget" | "parent">;

/** The header of the run that carries out a child task; undefined when there is no such workflow, or too deep down. */
export function childHeader(
  parent: RunHeader,
  task: TaskState,
  { id, createdAt }: { id: string; createdAt: number },
): RunHeader | undefined {
  const workflow = workflowOfTopic(task.topic);
  const definition = workflowIn(parent.workflows, workflow);
  const depth = (parent.parent?.depth ?? 0) + 1;
  if (!definition || depth > limits.childDepth) return undefined;
  return inheritedHeader(parent, {
    id,
    createdAt,
    input: task.input,
    fuelBudget: task.fuelReserved,
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

/** Fuel, tokens and money (millionths of a US dollar) that a child run has used. */
export interface ChildUse {
  fuel: number;
  tokensIn: number;
  tokensOut: number;
  costMicros: number;
}

/** What a child run has used between two of its states; undefined when that is nothing. */
export function usedSince(before: RunState, after: RunState): ChildUse | undefined {
  const used: ChildUse = {
    fuel: after.fuel.spent - before.fuel.spent,
    tokensIn: sumOf(after, "tokensIn") - sumOf(before, "tokensIn"),
    tokensOut: sumOf(after, "tokensOut") - sumOf(before, "tokensOut"),
    costMicros: sumOf(after, "costMicros") - sumOf(before, "costMicros"),
  };
  return Object.values(used).some((amount) => amount > 0) ? used : undefined;
}

/** What a completed child run gives the task that waited for it. */
export const outputOfChild = ({ result }: RunState): Record<string, unknown> =>
  typeof result === "object" && result !== null && !Array.isArray(result) ? { ...result } : { result };
