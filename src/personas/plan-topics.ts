import { agentTypeOfTopic, workflowPrefix } from "../messaging/topics.ts";
import { actionOf, localActions, topicOfStep } from "../workflows/actions.ts";
import type { Plan } from "../workflows/plan.ts";
import type { AgentRoute } from "../workflows/tenant-workflows-api.ts";

/** Topics a plan's tasks go to, with the step that sends them there. */
function topicsOf(plan: Plan, config: Record<string, unknown>): { step: string; topic: string }[] {
  return Object.entries(plan.steps).flatMap(([step, definition]) => {
    const subTopics = (definition.sub_tasks ?? []).map(({ topic }) => ({ step, topic }));
    if (localActions.includes(actionOf(definition.action))) return subTopics;
    const topic = topicOfStep(definition, config);
    return topic === undefined ? subTopics : [{ step, topic }, ...subTopics];
  });
}

/**
 * Steps whose agent is not there (any more). A plan is checked whole when it is
 * saved; agents can be switched off afterwards, so a run looks at this once more.
 */
export const stepsWithoutAgent = (
  plan: Plan,
  config: Record<string, unknown>,
  isRoutable: (topic: string) => boolean,
): { step: string; path: string; message: string }[] =>
  topicsOf(plan, config)
    .filter(({ topic }) => !topic.startsWith(workflowPrefix) && !isRoutable(topic))
    .map(({ step, topic }) => ({ step, path: `steps.${step}.topic`, message: `${topic} leads nowhere` }));

/** The agents a plan can call: a run keeps them, so it keeps no others. A plan with child runs may call any. */
export function agentsNeeded(
  plan: Plan,
  config: Record<string, unknown>,
  agents: Record<string, AgentRoute>,
): Record<string, AgentRoute> {
  const topics = topicsOf(plan, config).map(({ topic }) => topic);
  if (topics.some((topic) => topic.startsWith(workflowPrefix))) return agents;
  const types = new Set(topics.map(agentTypeOfTopic));
  return Object.fromEntries(Object.entries(agents).filter(([type]) => types.has(type)));
}
