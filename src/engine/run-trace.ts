import { z } from "@hono/zod-openapi";
import { runErrorSchema } from "./run-view.ts";

const time = z.iso.datetime();
const milliseconds = z.number().nullable();

const spanSchema = z
  .object({
    id: z.string().openapi({
      description: "Of the span (W3C), the same wherever it is told",
      example: "b7ad6b7169203331",
    }),
    parent_id: z
      .string()
      .nullable()
      .openapi({ description: "The span that it is part of; null of the run itself" }),
    kind: z.enum(["run", "step", "attempt"]),
    name: z.string().openapi({ description: "Of the step; of an attempt, what it does" }),
    started_at: time.openapi({ description: "Of an attempt, when it was sent to a queue" }),
    ended_at: time.nullable().openapi({ description: "Null while it goes on" }),
    status: z.string().openapi({ description: "Of the run, the step or the attempt" }),
    queue_ms: milliseconds.openapi({
      description: "How long an attempt waited for a consumer, in milliseconds",
    }),
    provider_ms: milliseconds.openapi({
      description: "How long an attempt waited for its provider, in milliseconds; calls side by side add up",
    }),
    task_id: z.string().nullable(),
    attempt: z.number().int().nullable(),
    child_id: z
      .string()
      .nullable()
      .openapi({ description: "The run that carries it out, with a trace of its own" }),
    error: runErrorSchema.pick({ code: true, message: true }).nullable(),
  })
  .openapi("TraceSpan");
export type TraceSpan = z.infer<typeof spanSchema>;

/** A run as a waterfall of spans (docs/workflows.md#your-runs). */
export const runTraceSchema = z
  .object({
    correlation_id: z.string(),
    trace_id: z.string().nullable(),
    status: z.string().openapi({ description: "Of the run" }),
    started_at: time,
    ended_at: time.nullable(),
    duration_ms: milliseconds,
    spans: z
      .array(spanSchema)
      .openapi({ description: "Each after the one that it is part of, in order of time" }),
    omitted: z.number().int().openapi({ description: "Spans beyond the first 2 000, which are left out" }),
  })
  .openapi("RunTrace");
export type RunTrace = z.infer<typeof runTraceSchema>;
