import { type Plan, planSchema } from "#src/engine/plans/plan.ts";

/** So many text steps, one after the other; three are what the Cloudflare Workflow of the baseline has too. */
export const textSteps = (count: number): Plan =>
  planSchema.parse({
    start_step: "step_1",
    steps: Object.fromEntries(
      Array.from({ length: count }, (_, index) => [
        `step_${index + 1}`,
        {
          action: "ai_text_generate",
          input: { prompt: `part ${index + 1}` },
          ...(index + 1 < count ? { next_step: `step_${index + 2}` } : {}),
        },
      ]),
    ),
  });

/** One step with a task for each item of the input. */
export const fanOut: Plan = planSchema.parse({
  start_step: "each",
  steps: {
    each: {
      action: "ai_text_generate",
      for_each: "input.items",
      max_parallel: 50,
      input: { prompt: "{{item}}" },
    },
  },
});
