import { actionOf, localActions, topicOfStep } from "#src/engine/plans/actions.ts";
import { answeringSteps } from "#src/engine/plans/answering-step.ts";
import type { Plan } from "#src/engine/plans/plan.ts";
import { problemOfWorkflow, type WorkflowPlans } from "#src/engine/plans/workflow-graph.ts";
import type { AgentRoute } from "#src/engine/start-run.ts";
import { agentTypeOfTopic, workflowPrefix } from "#src/engine/topics.ts";
import { withoutPrefix } from "#src/text/cut-text.ts";

/** A plan with the workflows that it reaches, at any depth. */
interface Plans {
  plan: Plan;
  workflows: WorkflowPlans;
}

type Config = Record<string, unknown>;

/** Topics a plan's tasks go to, with the step that sends them there. */
function topicsOf(plan: Plan, config: Config): { step: string; topic: string }[] {
  return Object.entries(plan.steps).flatMap(([step, definition]) => {
    const subTopics = (definition.sub_tasks ?? []).map(({ topic }) => ({ step, topic }));
    if (localActions.includes(actionOf(definition.action))) return subTopics;
    const topic = topicOfStep(definition, config);
    return topic === undefined ? subTopics : [{ step, topic }, ...subTopics];
  });
}

/**
 * Steps whose agent or workflow is not there (any more). A plan is checked whole when
 * it is saved; both can be switched off afterwards, so a run looks at this once more.
 */
export function unmetTopics(
  { plan, workflows }: Plans,
  config: Config,
  isRoutable: (topic: string) => boolean,
): { step: string; path: string; message: string }[] {
  const problemOf = (topic: string): string | undefined => {
    if (topic.startsWith(workflowPrefix))
      return problemOfWorkflow(withoutPrefix(topic, workflowPrefix), workflows);
    return isRoutable(topic) ? undefined : `${topic} leads nowhere`;
  };
  const problemsIn = (of: Plan, prefix: string, isOfInterest: (topic: string) => boolean) =>
    topicsOf(of, config)
      .filter(({ topic }) => isOfInterest(topic))
      .flatMap(({ step, topic }) => {
        const message = problemOf(topic);
        return message === undefined ? [] : [{ step, path: `${prefix}steps.${step}.topic`, message }];
      });
  return [
    ...answeringSteps(plan).map((step) => ({
      step,
      path: `steps.${step}.action`,
      message: "Only conversations begin what answers their turns",
    })),
    ...problemsIn(plan, "", () => true),
    // What workflows call in their turn was looked at with those that the plan calls.
    ...Object.entries(workflows).flatMap(([name, workflow]) =>
      problemsIn(workflow.plan, `workflows.${name}.`, (topic) => !topic.startsWith(workflowPrefix)),
    ),
  ];
}

/** The agents a plan and its child runs can call: a run keeps them, so it keeps no others. */
export function agentsNeeded(
  { plan, workflows }: Plans,
  config: Config,
  agents: Record<string, AgentRoute>,
): Record<string, AgentRoute> {
  const plans = [plan, ...Object.values(workflows).map((workflow) => workflow.plan)];
  const types = new Set(
    plans.flatMap((of) => topicsOf(of, config)).map(({ topic }) => agentTypeOfTopic(topic)),
  );
  return Object.fromEntries(Object.entries(agents).filter(([type]) => types.has(type)));
}
