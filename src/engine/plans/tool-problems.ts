import { withoutPrefix } from "#src/text/cut-text.ts";
import type { AgentRoute } from "../start-run.ts";
import { takesTools } from "../tool-loop/loop-of-step.ts";
import { toolNamed } from "../tool-loop/offered-tools.ts";
import { agentTypeOfTopic, workflowPrefix } from "../topics.ts";
import { actionOfTopic, topicOfStep } from "./actions.ts";
import type { Step } from "./plan.ts";
import { problemOfWorkflow, type WorkflowPlans } from "./workflow-graph.ts";

interface Surroundings {
  config: Record<string, unknown>;
  agents?: Readonly<Record<string, AgentRoute>>;
  workflows?: WorkflowPlans;
}

/** Why a step cannot have the tools that it names, as far as a plan tells. */
export function* toolProblems(
  step: Step,
  { config, agents = {}, workflows = {} }: Surroundings,
): Generator<{ path: string; message: string }> {
  const { tools, for_each, input } = step;
  if (!tools) return;
  if (!takesTools(step)) yield { path: "tools", message: `${step.action} takes no tools` };
  else if (!isOfText(topicOfStep(step, config) ?? "", agents))
    yield { path: "tools", message: "Only an agent that writes texts takes tools" };
  if (for_each !== undefined)
    yield {
      path: "tools",
      message: "A step with tools has no for_each; a child run for each item can have them",
    };
  const form = input && "output_schema" in input ? input.output_schema : config.output_schema;
  if (form !== undefined && form !== null)
    yield { path: "tools", message: "A step with tools answers in words, and takes no output_schema" };
  for (const [index, name] of tools.entries()) {
    const path = `tools.${index}`;
    const problem = problemOfTool(name, workflows);
    if (problem !== undefined) yield { path, message: problem };
    if (tools.indexOf(name) !== index) yield { path, message: `${name} is named twice` };
  }
}

function problemOfTool(name: string, workflows: WorkflowPlans): string | undefined {
  if (name.startsWith(workflowPrefix))
    return problemOfWorkflow(withoutPrefix(name, workflowPrefix), workflows);
  return toolNamed(name, workflows) ? undefined : `There is no tool ${name}`;
}

/** Whether the tasks of a topic are texts. */
const isOfText = (topic: string, agents: Readonly<Record<string, AgentRoute>>): boolean => {
  const type = agentTypeOfTopic(topic);
  const agent = Object.hasOwn(agents, type) ? agents[type] : undefined;
  const isOwn = topic.startsWith(workflowPrefix) || agent?.category === "adapter";
  return !isOwn && actionOfTopic(topic) === "ai_text_generate";
};
