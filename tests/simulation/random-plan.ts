import type { z } from "@hono/zod-openapi";
import type { Plan, stepSchema, subTaskSchema } from "#src/engine/plans/plan.ts";
import { topicOfAgent, topics, workflowPrefix } from "#src/engine/topics.ts";
import { plan } from "../support/plans.ts";
import type { Chance } from "./chance.ts";

type StepInput = z.input<typeof stepSchema>;
type SubTaskInput = z.input<typeof subTaskSchema>;

/** Topics of work outside the object. */
const workTopics = [
  topics.webSearch,
  topics.imageGenerate,
  topics.reasoning,
  topicOfAgent("copywriter"),
] as const;

/** What a step does, without how it hangs together with others. */
function work(chance: Chance, name: string, workflows: readonly string[]): StepInput {
  const [child] = chance.some(workflows, 0.5);
  if (child !== undefined && chance.happens(0.4)) {
    return { action: "delegate", topic: workflowPrefix + child, ...budget(chance), ...loop(chance) };
  }
  switch (chance.between(0, 10)) {
    case 0:
      return { action: "web_search" };
    case 1:
      return { action: "reasoning_review", input: { question: "{{input.text}}" } };
    case 2:
      return { action: "lookup", topic: chance.pick(workTopics), ...loop(chance) };
    case 3:
    case 4:
      return pause(chance);
    case 5:
      return { action: chance.pick(["store_memory", "memory_store"]), input: { content: "{{input.text}}" } };
    case 6:
      return { action: "retrieve_memory", input: { query: "{{input.text}}" } };
    case 7:
    case 8:
      return fan(chance, name, workflows);
    default:
      return { action: chance.pick(["ai_text_generate", "generate_text"]), ...text(chance, workflows) };
  }
}

/** A text for each item, or one whose model has tools. */
const text = (chance: Chance, workflows: readonly string[]): Partial<StepInput> =>
  chance.happens(0.5) ? rounds(chance, workflows) : loop(chance);

const rounds = (chance: Chance, workflows: readonly string[]): Partial<StepInput> => ({
  tools: [
    "web_search",
    ...chance.some(["generate_image", "search_memory", "remember"], 0.6),
    ...chance.some(workflows, 0.5).map((name) => workflowPrefix + name),
  ],
  ...(chance.happens(0.5) && { max_turns: chance.between(1, 4) }),
  ...(chance.happens(0.3) && { max_calls: chance.between(1, 6) }),
  ...(chance.happens(0.5) && { on_limit: chance.pick(["fail", "answer"]) }),
  ...(chance.happens(0.3) && { max_parallel: chance.between(1, 2) }),
  ...budget(chance),
});

const budget = (chance: Chance): Partial<StepInput> =>
  chance.happens(0.3) ? { fuel_budget: chance.between(1, 120) } : {};

const loop = (chance: Chance): Partial<StepInput> =>
  chance.happens(0.35)
    ? {
        for_each: chance.pick(["input.items", "input.items.filter(x, x > 1)", "[1, 2]", "[]"]),
        ...(chance.happens(0.6) && { max_parallel: chance.between(1, 3) }),
        ...(chance.happens(0.5) && {
          input: { number: "{{index}}", item: chance.pick(["{{item}}", "{{input.items[index]}}"]) },
        }),
      }
    : {};

const pause = (chance: Chance): StepInput => ({
  action: "pause_for_human_input",
  description: "Look at this",
  ...(chance.happens(0.6) && { timeout_seconds: chance.pick([1, 10, 60]) }),
  ...(chance.happens(0.4) && {
    default_answer: { approved: chance.happens(0.7), feedback: "Nobody was there" },
  }),
});

function fan(chance: Chance, name: string, workflows: readonly string[]): StepInput {
  const sub_tasks = Array.from({ length: chance.between(1, 4) }, (_, index): SubTaskInput => {
    const [child] = chance.some(workflows, 0.1);
    return {
      step_name: `${name}_${index}`,
      topic: child === undefined ? chance.pick(workTopics) : workflowPrefix + child,
      ...(chance.happens(0.3) && { input: { part: `${index} of {{input.text}}` } }),
    };
  });
  return {
    action: "fan_out",
    sub_tasks,
    ...(chance.happens(0.3) && { max_parallel: chance.between(1, 2) }),
  };
}

const conditions = [
  "input.flag",
  "!input.flag",
  "input.number > 3",
  "size(input.items) > 0",
  "'human_feedback' in data",
] as const;

/** How a step meets trouble. */
const manners = (chance: Chance): Partial<StepInput> => ({
  ...(chance.happens(0.4) && {
    retry: {
      max_attempts: chance.between(1, 4),
      backoff_seconds: chance.pick([0, 0.2, 1, 10]),
      multiplier: chance.pick([1, 2, 3]),
    },
  }),
  ...(chance.happens(0.3) && { timeout_seconds: chance.pick([3, 15, 90]) }),
  ...(chance.happens(0.2) && { on_error: "continue" }),
  ...(chance.happens(0.15) && { store_memory: true }),
  ...(chance.happens(0.25) && { when: chance.pick(conditions) }),
  ...(chance.happens(0.02) && { when: "input.nothing > 1" }),
});

/** Lets a step be led to by one that comes before it; false when that one has no way left. */
function lead(chance: Chance, steps: StepInput[], names: readonly string[], index: number): boolean {
  const from = chance.between(Math.max(0, index - 3), index - 1);
  const [before, step, last, name] = [steps[from], steps[index], names[from], names[index]];
  if (!before || !step || !last || before.action === "complete_workflow") return false;
  const way = chance.between(0, 9);
  if (way < 3 && before.next_step === undefined) before.next_step = name;
  else if (way < 5 && before.on_error === undefined) before.on_error = name;
  else if (way < 6 && before.compensate === undefined) before.compensate = name;
  else {
    step.dependencies = [last, ...(step.dependencies ?? []).filter((other) => other !== last)];
    if (before.action === "fan_out" ? false : chance.happens(0.15))
      step.input = { ...step.input, before: `{{steps.${last}.output}}` };
  }
  return true;
}

/** A valid plan that uses whatever the plan language has; neither names nor keys tell the order of its steps. `workflows`: plans that its steps may start as child runs. */
export function randomPlan(chance: Chance, workflows: readonly string[]): Plan {
  const count = chance.pick([1, 2, 3, 4, 5, 6, 8]);
  const names = chance.shuffle(Array.from({ length: count }, (_, index) => `s${index}`));
  const steps: StepInput[] = [];
  for (const [index, name] of names.entries()) {
    const isLast = index === count - 1;
    const step =
      isLast && index > 0 && chance.happens(0.4)
        ? { action: "complete_workflow" }
        : { ...work(chance, name, workflows), ...manners(chance) };
    steps.push(step);
    const ways = index === 0 ? 0 : chance.pick([1, 1, 1, 2, 3]);
    for (let way = 0; way < ways; way++) {
      while (!lead(chance, steps, names, index));
    }
  }
  const named = names.map((name, index): [string, StepInput] => [name, steps[index] ?? { action: "" }]);
  return plan(names[0] ?? "", Object.fromEntries(chance.shuffle(named)));
}
