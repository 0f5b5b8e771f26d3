import { withoutPrefix } from "#src/text/cut-text.ts";
import { limits } from "../limits.ts";
import { workflowPrefix } from "../topics.ts";
import { actionOf, localActions } from "./actions.ts";
import { answeringSteps } from "./answering-step.ts";
import type { Plan } from "./plan.ts";

/** Plans of workflow definitions by name. */
export type WorkflowPlans = Readonly<Record<string, { plan: Plan }>>;

/** The definition of that name; names such as `constructor` find nothing that was not put there. */
export const workflowIn = <T>(workflows: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(workflows, name) ? workflows[name] : undefined;

/** Names of the workflows that a plan's steps, sub-tasks and tools start as child runs, each once. */
export function workflowsCalledBy(plan: Plan): string[] {
  const topics = Object.values(plan.steps).flatMap(({ action, topic, sub_tasks = [], tools = [] }) => [
    ...sub_tasks.map((task) => task.topic),
    ...tools,
    ...(topic === undefined || localActions.includes(actionOf(action)) ? [] : [topic]),
  ]);
  const called = topics.filter((topic) => topic.startsWith(workflowPrefix));
  return [...new Set(called.map((topic) => withoutPrefix(topic, workflowPrefix)))];
}

export const noWorkflow = (name: string): string => `There is no active workflow ${name}`;

/**
 * Why a workflow cannot be carried out as a child run: it or one below it is not
 * there, leads back to itself, or lies too deep. Undefined when nothing is wrong.
 */
export function problemOfWorkflow(name: string, workflows: WorkflowPlans): string | undefined {
  const sound = new Set<string>();
  const visit = (current: string, above: readonly string[]): string | undefined => {
    const trail = [...above, current];
    if (above.includes(current)) return `Workflows go in a circle: ${trail.join(" → ")}`;
    if (trail.length > limits.childDepth)
      return `Workflows are nested more than ${limits.childDepth} deep: ${trail.join(" → ")}`;
    const key = `${trail.length}:${current}`;
    if (sound.has(key)) return undefined;
    const definition = workflowIn(workflows, current);
    if (!definition) return noWorkflow(current);
    if (answeringSteps(definition.plan).length > 0)
      return `${current} answers turns of conversations, and is nobody's child`;
    for (const next of workflowsCalledBy(definition.plan)) {
      const problem = visit(next, trail);
      if (problem !== undefined) return problem;
    }
    sound.add(key);
    return undefined;
  };
  return visit(name, []);
}
