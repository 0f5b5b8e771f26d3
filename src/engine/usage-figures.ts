import { z } from "zod";

/** What is counted of executions, and of finished attempts of tasks: in storage, in messages and on the wire by these names. */
export const usageFigures = [
  "count",
  "completed",
  "failed",
  "fuel",
  "tokens_in",
  "tokens_out",
  "cost_micros",
  "duration_ms",
] as const;

const number = z.number().int();

export const usageFiguresSchema = z.object({
  count: number,
  completed: number,
  failed: number,
  fuel: number,
  tokens_in: number,
  tokens_out: number,
  /** Millionths of a US dollar. */
  cost_micros: number,
  /** How long they took together. */
  duration_ms: number,
}) satisfies z.ZodType<Record<(typeof usageFigures)[number], number>>;
export type UsageFigures = Readonly<z.infer<typeof usageFiguresSchema>>;

const combined =
  (combine: (a: number, b: number) => number) =>
  (a: UsageFigures, b: UsageFigures): UsageFigures => {
    const result = { ...a };
    for (const figure of usageFigures) result[figure] = combine(a[figure], b[figure]);
    return result;
  };

/** Both together. */
export const plusFigures = combined((a, b) => a + b);

/** What has come to them. */
export const figuresSince = combined((before, after) => after - before);

export const noFigures: UsageFigures = {
  count: 0,
  completed: 0,
  failed: 0,
  fuel: 0,
  tokens_in: 0,
  tokens_out: 0,
  cost_micros: 0,
  duration_ms: 0,
};
