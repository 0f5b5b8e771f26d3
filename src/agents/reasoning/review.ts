import { z } from "zod";
import type { TaskWork } from "../../messaging/consume-tasks.ts";
import { TaskError } from "../../messaging/task-error.ts";
import { costMicros } from "../../providers/anthropic/models.ts";
import { guardedCall } from "../../providers/guarded-call.ts";
import { ProviderError } from "../../providers/provider-error.ts";
import { jsonBytes } from "../../workflows/limits.ts";
import type { TaskResult } from "../../workflows/task-report.ts";
import { agentSettings } from "../agent-settings.ts";
import { dataBlock, dataBlockRule } from "../data-blocks.ts";
import type { AgentProviders } from "../write-text.ts";

/** Largest context (spec 04-agents). */
const maxContextBytes = 100 * 1024;

const requestSchema = z.object({
  content_to_review: z
    .unknown()
    .refine((content) => content !== undefined && content !== null && content !== "", "Missing"),
  review_criteria: z
    .array(z.string().max(1000))
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
    .array(z.string().describe("A concrete improvement"))
    .describe("Improvements, most important first"),
  reasoning: z.string().describe("Why the score is what it is"),
});

const tool = {
  name: "submit_review",
  description: "Hands in the review.",
  input_schema: { type: "object" as const, ...withoutType(z.toJSONSchema(reviewSchema)) },
};

function withoutType({ properties, required }: { properties?: unknown; required?: string[] }) {
  return { properties, required };
}

const system = `You review content against criteria, fairly and concretely. ${dataBlockRule}`;

/** The reasoning agent's review contract: `review_passed, score, suggestions, reasoning`. */
export async function review(
  { assignment, signal }: TaskWork,
  { anthropic, breaker }: AgentProviders,
): Promise<TaskResult> {
  const begun = Date.now();
  const parsed = requestSchema.safeParse(assignment.input);
  if (!parsed.success) {
    throw new TaskError("REASONING_001", "Invalid input format", {
      details: { missing_elements: parsed.error.issues.map(({ path }) => path.join(".")) },
    });
  }
  if (jsonBytes(parsed.data) > maxContextBytes) {
    throw new TaskError("REASONING_001", "The context is larger than 100 KB", {
      details: { max_bytes: maxContextBytes },
    });
  }
  const { model, max_tokens } = agentSettings(assignment, reasoningConfig(assignment.config));
  const { idempotencyKey } = assignment;
  const request = {
    model,
    max_tokens,
    system,
    messages: [
      {
        role: "user" as const,
        content: [
          ...Object.entries(parsed.data).map(([key, value]) => ({
            type: "text" as const,
            text: dataBlock(key, value ?? ""),
          })),
          { type: "text" as const, text: "Review the content against the criteria and hand in your review." },
        ],
      },
    ],
    tools: [tool],
    tool_choice: { type: "tool" as const, name: tool.name },
  };
  const generation = await guardedCall("anthropic", breaker, () =>
    anthropic.create(request, { signal, idempotencyKey }),
  );
  const answer = reviewSchema.safeParse(generation.toolInput);
  if (!answer.success) {
    throw new ProviderError("AI_SERVICE_ERROR", "The review does not have the form agreed on", {
      retryable: true,
      unhealthy: false,
    });
  }
  const { tokensIn, tokensOut } = generation;
  return {
    output: answer.data,
    usage: {
      model,
      tokensIn,
      tokensOut,
      costMicros: costMicros(model, tokensIn, tokensOut),
      durationMs: Date.now() - begun,
    },
  };
}

/** Settings meant for the reasoning agent; the instance's own model is for its texts. */
const reasoningConfig = ({ reasoning }: Record<string, unknown>): Record<string, unknown> =>
  z.record(z.string(), z.unknown()).catch({}).parse(reasoning);
