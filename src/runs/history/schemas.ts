import { z } from "@hono/zod-openapi";
import { runStatuses } from "#src/engine/run-view.ts";
import { cursorQuery } from "#src/http/cursor.ts";
import { periodEnd, periodStart } from "#src/http/moments.ts";
import { nextCursorSchema } from "#src/http/page.ts";

const time = z.iso.datetime();
const page = { count: z.number().int(), next_cursor: nextCursorSchema };
const tokens = z.object({ input: z.number().int(), output: z.number().int() });

/** A run in a list. */
export const runSummarySchema = z
  .object({
    id: z.string().openapi({ description: "The same as `correlation_id`, the older name" }),
    correlation_id: z.string(),
    instance_id: z.string().nullable(),
    status: z.enum(runStatuses),
    current_step: z.string().nullable(),
    fuel: z.object({ budget: z.number().int(), spent: z.number().int() }),
    tokens,
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
    created_at: time,
    updated_at: time,
    completed_at: time.nullable(),
    duration_ms: z.number().int().nullable(),
  })
  .openapi("RunSummary");

export const historySchema = z.object({ runs: z.array(runSummarySchema), ...page }).openapi("History");

export const listRunsQuery = cursorQuery().extend({
  status: z.enum(runStatuses).optional(),
  instance_id: z.uuid().optional(),
  project_id: z.uuid().optional(),
  since: periodStart.optional(),
  until: periodEnd.optional(),
  q: z.string().trim().min(1).max(100).optional().openapi({ description: "Part of the persona's name" }),
});

const logLevels = ["info", "warn", "error"] as const;

const logLineSchema = z
  .object({
    timestamp: time,
    level: z.enum(logLevels),
    message: z.string(),
    correlation_id: z.string(),
    step: z.string().nullable(),
    action: z.string().nullable(),
    agent_type: z.string().nullable(),
    attempt: z.number().int().nullable(),
    duration_ms: z.number().int().nullable(),
    fuel: z.number().int().nullable(),
    tokens: tokens.nullable(),
    error_code: z.string().nullable(),
  })
  .openapi("LogLine");

export const logsSchema = z.object({ logs: z.array(logLineSchema), ...page }).openapi("Logs");

export const imageEntrySchema = z
  .object({
    image_uri: z.string(),
    correlation_id: z.string(),
    step: z.string(),
    created_at: time,
  })
  .openapi("ImageEntry");

export const imagesSchema = z.object({ images: z.array(imageEntrySchema), ...page }).openapi("ImageList");
