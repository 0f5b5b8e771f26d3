import { z } from "zod";
import { TaskError } from "#src/engine/task-error.ts";
import { readPlan } from "#src/kernel/questions/check-plan.ts";
import { questionExamples } from "#src/kernel/questions/examples.ts";
import { type Plan, planSchema } from "#src/kernel/questions/plan.ts";
import type { TextModels } from "#src/providers/index.ts";
import type { TaskOutcome, TaskWork } from "#src/tasks/index.ts";
import { agentSettings } from "../agent-settings.ts";
import { dataBlock } from "../data-blocks.ts";
import { structuredAnswer, type Verdict } from "../structured-answer.ts";
import { analystPrompt } from "./analyst-prompt.ts";

const inputSchema = z.object({ question: z.string(), today: z.string() });

const { $schema: _, ...inputForm } = z.toJSONSchema(planSchema, { io: "input" });
const tool = { name: "fill_plan", description: "Hands in the plan.", inputSchema: inputForm };

/** How often a plan is handed in: once, and once repaired. */
const maxTries = 2;

/**
 * The analyst: makes a plan of a question in words (docs/questions.md#in-words). The question is data to the model, and
 * whatever it asks for, a plan that fits is all that can come of it.
 * @throws TaskError `QUESTION_NOT_UNDERSTOOD` with examples
 */
export async function understandQuestion(task: TaskWork, providers: TextModels): Promise<TaskOutcome> {
  const { assignment } = task;
  const { model, max_tokens, temperature, effort } = agentSettings(
    assignment,
    assignment.config,
    providers.models,
  );
  const { question, today } = inputSchema.parse(assignment.input);
  const refused: string[][] = [];
  const check = (answer: unknown): Verdict<Plan> => {
    const read = readPlan(answer);
    if (read.ok) return { ok: true, value: read.plan };
    const problems = read.problems.map(({ path, message }) => `${path.map(String).join(".")}: ${message}`);
    refused.push(problems);
    return { ok: false, problems };
  };
  const request = {
    ...{ model, maxTokens: max_tokens, temperature, effort, system: analystPrompt, tool },
    user: [dataBlock("today", today), dataBlock("question", question)],
  };
  try {
    return { output: { plan: await structuredAnswer(task, providers, request, check), model } };
  } catch (error) {
    if (refused.length < maxTries) throw error;
    throw new TaskError("QUESTION_NOT_UNDERSTOOD", "The question is not understood", {
      details: { examples: questionExamples, problems: refused.at(-1) },
      cause: error,
    });
  }
}
