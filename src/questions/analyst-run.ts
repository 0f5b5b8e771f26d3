import type { Plan } from "#src/engine/plans/plan.ts";
import { analystTopic, shopTopic } from "#src/engine/topics.ts";

/** The step whose output has the answer. */
export const answeringStep = "answer";

/** What a question in words is answered by: a run of the analyst's, which makes a plan of it, and of what carries that out. */
export const analystRun: Plan = {
  start_step: "understand",
  steps: {
    understand: {
      action: "understand_question",
      topic: analystTopic,
      description: "Makes a plan of the question",
      input: { question: "{{input.question}}", today: "{{input.today}}" },
      next_step: answeringStep,
    },
    [answeringStep]: {
      action: "query_analytics",
      topic: shopTopic,
      description: "Carries out the plan",
      input: {
        tool: "analytics.answer",
        arguments: { plan: "{{steps.understand.output.plan}}", question: "{{input.question}}" },
      },
    },
  },
};
