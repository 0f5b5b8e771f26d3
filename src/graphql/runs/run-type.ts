import type { z } from "@hono/zod-openapi";
import { getRun, runSummarySchema } from "#src/runs/index.ts";
import { ask, type GraphqlContext, oncePerRequest } from "../context.ts";
import { withRest } from "../rows.ts";
import { viewType } from "../view-type.ts";

/** What lists tell and what is told of one alone. */
const runSchema = getRun.output.extend({
  tokens: runSummarySchema.shape.tokens.nullable(),
  duration_ms: runSummarySchema.shape.duration_ms,
});

export const Run = viewType("Run", runSchema, {
  node: "correlation_id",
  large: ["duration_ms"],
  names: {
    steps: "RunStep",
    waiting: "WaitingGate",
    children: "ChildRun",
    error: "RunError",
    errors: "ItemError",
  },
});

export const findRun = oncePerRequest((context, id) =>
  ask(context, getRun, { params: { correlation_id: id } }),
);

/** A run as a list tells it; what that leaves out is read where it is asked for. */
export function listedRun({ waiting: _, instance_name: __, ...run }: z.output<typeof runSummarySchema>) {
  const whole = (context: GraphqlContext) => findRun(context, run.id);
  const fuel = withRest({ ...run.fuel }, async (context) => (await whole(context)).fuel);
  const error = run.error && withRest({ ...run.error }, async (context) => (await whole(context)).error);
  return withRest({ ...run, fuel, error }, whole);
}

/** A run as it is told of when it has begun, or goes on; what that leaves out is read where it is asked for. */
export const startedRun = <R extends { correlation_id: string }>(run: R) =>
  withRest({ ...run }, (context) => findRun(context, run.correlation_id));
