import { z } from "zod";
import { issueLines } from "#src/kernel/issues.ts";
import type { Verdict } from "../structured-answer.ts";
import type { Option } from "./question.ts";

const text = z.string().min(1);
const texts = z.array(text);

/** What a model hands in; the descriptions tell it what is wanted. */
export const thoughtsSchema = z.object({
  conclusion: text.describe("The main conclusion"),
  reasoning_steps: z
    .array(
      z.object({
        description: text.describe("What was done in this step"),
        findings: texts.describe("What it brought to light"),
      }),
    )
    .min(1)
    .describe("The steps that lead to the conclusion, in order"),
  confidence: z.number().min(0).max(1).describe("0 is a guess, 1 is certain"),
  assumptions: texts.describe("What had to be assumed"),
  recommendations: z
    .array(
      z.object({
        priority: z.enum(["high", "medium", "low"]),
        action: text.describe("What to do"),
        rationale: text.describe("Why"),
      }),
    )
    .describe("What to do, most important first"),
  conflicting_constraints: texts
    .default([])
    .describe("Constraints that cannot hold together, each with what it conflicts with"),
});
export type Thoughts = z.infer<typeof thoughtsSchema>;

const score = z.number().min(0).max(1);

/** Thoughts with a score of every option for every factor; the total is none of the model's business. */
export function scoresSchema(options: readonly Option[], factors: readonly string[]) {
  const scores = z.object(
    Object.fromEntries(
      factors.map((factor, index) => [factorKey(index), score.describe(`${factor}: 0 is worst, 1 is best`)]),
    ),
  );
  const evaluation = z.object({
    scores,
    pros: texts,
    cons: texts,
    violated_constraints: texts.default([]).describe("Constraints, word for word, that this option breaks"),
    rationale: text.describe("Why one would choose this option"),
  });
  const evaluations = z.object(
    Object.fromEntries(
      options.map(({ id }, index) => [optionKey(index), evaluation.describe(`Option ${id}`)]),
    ),
  );
  return thoughtsSchema.extend({ evaluations });
}

/** Names that every provider takes as property names, whatever options and factors are called. */
export const optionKey = (index: number): string => `option_${index + 1}`;
export const factorKey = (index: number): string => `factor_${index + 1}`;

/** A tool for answers of a form. */
export const toolFor = (name: string, description: string, schema: z.ZodType) => ({
  name,
  description,
  inputSchema: withoutDialect(z.toJSONSchema(schema, { io: "input" })),
});

function withoutDialect({ $schema: _, ...schema }: Record<string, unknown>): Record<string, unknown> {
  return schema;
}

/** Checks answers by the form itself. */
export const checkBy =
  <T>(schema: z.ZodType<T>) =>
  (answer: unknown): Verdict<T> => {
    const parsed = schema.safeParse(answer);
    if (parsed.success) return { ok: true, value: parsed.data };
    return {
      ok: false,
      problems: issueLines(parsed.error),
    };
  };
