import { withoutPrefix } from "#src/text/cut-text.ts";
import { type WorkflowPlans, workflowIn } from "../plans/workflow-graph.ts";
import { workflowPrefix } from "../topics.ts";
import { builtInTools } from "./built-in-tools.ts";
import type { Tool, Verdict } from "./tool.ts";
import { verdictOn } from "./tool-policy.ts";
import { workflowTool } from "./workflow-tool.ts";

/** A tool with what the persona's policy says of it. */
export interface OfferedTool extends Tool {
  verdict: Verdict;
}

/**
 * The tool of that name; undefined when there is none.
 * @param more tools that there are besides those that every persona may be given
 */
export function toolNamed(
  name: string,
  workflows: WorkflowPlans,
  more: readonly Tool[] = [],
): Tool | undefined {
  if (!name.startsWith(workflowPrefix)) return [...builtInTools, ...more].find((tool) => tool.name === name);
  const workflow = withoutPrefix(name, workflowPrefix);
  const definition = workflowIn(workflows, workflow);
  return definition && workflowTool(workflow, definition.plan);
}

/** What a step's tools depend on besides their names. */
export interface ToolSurroundings {
  config: Readonly<Record<string, unknown>>;
  workflows: WorkflowPlans;
  /** Tools that there are here besides those of every persona. */
  more?: readonly Tool[];
}

/** What the persona's policy says of a tool. For one that asks by itself there is no need to ask before. */
function verdictOf({ name, changes }: Tool, config: Readonly<Record<string, unknown>>): Verdict {
  const verdict = verdictOn(name, config);
  return changes && verdict === "ask" ? "allow" : verdict;
}

/** The tools that a step names, by what a model calls them. */
export function offeredTools(
  names: readonly string[],
  { config, workflows, more }: ToolSurroundings,
): ReadonlyMap<string, OfferedTool> {
  const tools = names.flatMap((name) => toolNamed(name, workflows, more) ?? []);
  return new Map(tools.map((tool) => [tool.calledBy, { ...tool, verdict: verdictOf(tool, config) }]));
}
