import { AppError } from "#src/kernel/app-error.ts";
import type { Measure } from "./measure.ts";

/** What a request may ask for (docs/graphql.md#limits). */
export const limits = {
  tokens: 1000,
  cost: 300,
  introspection: 1000,
  depth: 10,
  aliases: 30,
  directives: 50,
} as const;

/** One call of REST, as the limits of callers count, is worth this much. */
const costOfACall = 30;

/** As how many calls a request counts. */
export const callsFor = ({ cost }: Measure): number => Math.max(1, Math.ceil(cost / costOfACall));

/** The refusal of an operation that asks for too much; undefined for one that does not. */
export function refusalOf(measure: Measure): AppError | undefined {
  if (measure.depth > limits.depth)
    return new AppError("QUERY_TOO_DEEP", { details: { depth: measure.depth, limit: limits.depth } });
  for (const what of ["aliases", "directives", "introspection", "cost"] as const) {
    if (measure[what] <= limits[what]) continue;
    const count = Math.min(measure[what], Number.MAX_SAFE_INTEGER);
    return new AppError("QUERY_TOO_COMPLEX", { details: { [what]: count, limit: limits[what] } });
  }
  return undefined;
}
