import { z } from "zod";
import { issueLines } from "#src/kernel/issues.ts";
import type { TextModels } from "#src/providers/index.ts";
import type { TaskWork } from "#src/tasks/index.ts";
import { dataBlockRule, dataBlocks } from "../data-blocks.ts";
import { structuredAnswer } from "../structured-answer.ts";
import { checkBy, toolFor } from "./answer-forms.ts";
import { requireSize } from "./question.ts";
import type { ReasoningConfig } from "./reasoning-config.ts";
import { reasoningError } from "./reasoning-error.ts";

const requestSchema = z.object({
  content_to_review: z.unknown().optional(),
  review_criteria: z
    .array(z.string().trim().min(1).max(1000))
    .min(1)
    .max(50)
    .default(["clarity", "accuracy", "fitness for its purpose"]),
  brief_context: z.unknown().optional(),
});

/** What a review answers; the schema is also the model's tool. */
const reviewSchema = z.object({
  review_passed: z.boolean().describe("Whether the content meets the criteria"),
  score: z.number().min(0).max(10).describe("0 is unusable, 10 could not be better"),
  suggestions: z
    .array(z.string().min(1).describe("A concrete improvement"))
    .describe("Improvements, most important first"),
  reasoning: z.string().min(1).describe("Why the score is what it is"),
});

const tool = toolFor("submit_review", "Hands in the review.", reviewSchema);

const system = `You review content against criteria, fairly and concretely. ${dataBlockRule}`;

/**
 * The reasoning agent's review contract: `review_passed, score, suggestions, reasoning`.
 * @throws TaskError `REASONING_001`, `REASONING_002`
 */
export async function review(
  task: TaskWork,
  providers: TextModels,
  data: Record<string, unknown>,
  { model, maxTokens, temperature, effort, memory_enabled, memory_context_limit }: ReasoningConfig,
): Promise<Record<string, unknown>> {
  const parsed = requestSchema.safeParse(data);
  if (!parsed.success) {
    const problems = issueLines(parsed.error);
    throw reasoningError("REASONING_001", { problems });
  }
  const { content_to_review: content } = parsed.data;
  if (content === undefined || content === null || content === "") {
    throw reasoningError("REASONING_002", { missing_elements: ["content_to_review"] });
  }
  requireSize(parsed.data);
  const memories = memory_enabled ? task.assignment.memories.slice(0, memory_context_limit) : [];
  const user = [
    ...dataBlocks({ ...parsed.data, memories: memories.length > 0 ? memories : undefined }),
    "Review the content against the criteria.",
  ];
  const request = { model, maxTokens, temperature, effort, system, user, tool };
  return structuredAnswer(task, providers, request, checkBy(reviewSchema));
}
