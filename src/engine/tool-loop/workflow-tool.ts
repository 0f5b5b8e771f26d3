import { cutText } from "#src/text/cut-text.ts";
import type { Plan } from "../plans/plan.ts";
import { workflowPrefix } from "../topics.ts";
import type { Tool } from "./tool.ts";

const maxDescription = 500;
const maxFields = 50;

/** What of its input a plan reads, as far as its texts tell; in which order it was written down means nothing. */
function fieldsIn(plan: Plan): string[] {
  const found = JSON.stringify(plan).matchAll(/\binput\.([A-Za-z_]\w{0,63})/g);
  return [...new Set([...found].map(([, field = ""]) => field))].sort().slice(0, maxFields);
}

/** A workflow definition as a tool: a call is a child run, its result the tool's. */
export function workflowTool(name: string, plan: Plan): Tool {
  const inOrder = Object.entries(plan.steps).sort(([one], [other]) => (one < other ? -1 : 1));
  const steps = inOrder.flatMap(([, { description }]) => description || []);
  const about = [`Carries out the workflow ${name}.`, ...steps].join(" ");
  return {
    name: workflowPrefix + name,
    calledBy: `workflow_${name}`,
    action: "workflow",
    topic: workflowPrefix + name,
    description: cutText(about, maxDescription),
    inputSchema: () => ({
      type: "object",
      properties: Object.fromEntries(fieldsIn(plan).map((field) => [field, {}])),
    }),
    read: (input) =>
      isObject(input) ? { ok: true, input } : { ok: false, problem: "The arguments are no object" },
  };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
