import { z } from "zod";
import { jsonBytes } from "#src/engine/limits.ts";
import { issueLines } from "#src/kernel/issues.ts";
import { cutText } from "#src/text/cut-text.ts";
import { reasoningError } from "./reasoning-error.ts";
import { normalisedWeights } from "./weighted-totals.ts";

export const reasoningActions = ["analyze", "decide", "evaluate", "reason"] as const;
export type ReasoningAction = (typeof reasoningActions)[number];

/** Largest context (docs/agents.md#the-reasoning-agent). */
const maxContextBytes = 100 * 1024;

const line = z.string().trim().min(1).max(2000);
const optionSchema = z.union([
  line.transform((text) => ({ id: cutText(text, 100), description: text })),
  z
    .looseObject({ id: line.max(100), description: z.string().max(20_000).default("") })
    .transform(({ id, description, ...rest }) => ({
      id,
      description: Object.keys(rest).length === 0 ? description : { description, ...rest },
    })),
]);
const factorsSchema = z.array(line.max(200)).min(1).max(20);

const questionSchema = z.looseObject({
  options: z.array(optionSchema).max(20).optional(),
  criteria: z
    .union([
      factorsSchema.transform((factors) => ({ factors, weights: undefined, constraints: undefined })),
      z.looseObject({
        factors: factorsSchema.optional(),
        weights: z.record(line.max(200), z.number().min(0).max(1_000_000)).optional(),
        constraints: z.array(line).max(50).optional(),
      }),
    ])
    .optional(),
  evaluation_criteria: factorsSchema.optional(),
  constraints: z.array(line).max(50).optional(),
  approach: z.enum(["deductive", "inductive", "abductive"]).optional(),
});

export interface Option {
  id: string;
  description: unknown;
}

/** A question put to the reasoning agent, checked and in one shape (docs/agents.md#the-reasoning-agent). */
export interface Question {
  action: ReasoningAction;
  /** Everything that was said, as it was said. */
  data: Record<string, unknown>;
  /** What is scored; empty when nothing is. */
  options: Option[];
  factors: string[];
  /** Per factor, adding up to 1. */
  weights: Record<string, number>;
  constraints: string[];
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== null && value !== "";

/** What each action cannot do without: any one of the alternatives will do. */
const needs: Record<ReasoningAction, readonly (readonly string[])[]> = {
  analyze: [["subject", "question", "context"]],
  decide: [["decision", "question"]],
  evaluate: [["proposal", "options"]],
  reason: [
    ["scenario", "context"],
    ["question", "decision"],
  ],
};

/**
 * Reads a question.
 * @throws TaskError `REASONING_001` for what has the wrong form or is over 100 KB, `REASONING_002` with `missing_elements`
 */
export function readQuestion(action: ReasoningAction, data: Record<string, unknown>): Question {
  requireSize(data);
  const parsed = questionSchema.safeParse(data);
  if (!parsed.success) {
    const problems = issueLines(parsed.error);
    throw reasoningError("REASONING_001", { problems });
  }
  const { options: given = [], criteria, evaluation_criteria, constraints = [] } = parsed.data;
  const weighed = criteria?.weights;
  const factors = [...new Set(criteria?.factors ?? evaluation_criteria ?? Object.keys(weighed ?? {}))];
  const missing = needs[action]
    .filter((names) => !names.some((name) => isGiven(data[name])))
    .flatMap(([name]) => name ?? []);
  if (action === "decide" && given.length < 2) missing.push("options");
  if ((action === "decide" || action === "evaluate") && factors.length === 0) {
    missing.push(action === "decide" ? "criteria.factors" : "evaluation_criteria");
  }
  for (const factor of weighed ? factors : []) {
    if (weighed?.[factor] === undefined) missing.push(`criteria.weights.${factor}`);
  }
  if (missing.length > 0) {
    throw reasoningError("REASONING_002", {
      reason: "Insufficient context provided",
      missing_elements: missing,
    });
  }
  const weights = factors.length === 0 ? {} : normalisedWeights(factors, weighed);
  if (!weights) throw reasoningError("REASONING_001", { problems: ["criteria.weights: All are zero"] });
  return {
    action,
    data,
    // A proposal is scored like the only option.
    options: factors.length === 0 ? [] : optionsOf(action, given, data),
    factors,
    weights,
    constraints: [...constraints, ...(criteria?.constraints ?? [])],
  };
}

function optionsOf(action: ReasoningAction, given: Option[], data: Record<string, unknown>): Option[] {
  if (action === "evaluate" && given.length === 0) return [{ id: "proposal", description: data.proposal }];
  const ids = given.map(({ id }) => id);
  const twice = ids.filter((id, index) => ids.indexOf(id) !== index);
  if (twice.length === 0) return given;
  throw reasoningError("REASONING_001", { problems: twice.map((id) => `options: ${id} is given twice`) });
}

/** @throws TaskError `REASONING_001` for a context of more than 100 KB */
export function requireSize(context: unknown): void {
  if (jsonBytes(context) <= maxContextBytes) return;
  throw reasoningError("REASONING_001", { reason: "The context is too large", max_bytes: maxContextBytes });
}
