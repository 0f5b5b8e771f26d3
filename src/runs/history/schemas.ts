import { z } from "@hono/zod-openapi";
import { runStatuses, waitingGateSchema } from "#src/engine/run-view.ts";
import { cursorQuery } from "#src/http/cursor.ts";
import { periodEnd, periodStart } from "#src/http/moments.ts";
import { nextCursorSchema } from "#src/http/page.ts";

const time = z.iso.datetime();
const page = { count: z.number().int(), next_cursor: nextCursorSchema };
const tokens = z.object({ input: z.number().int(), output: z.number().int() });

const questionSchema = waitingGateSchema
  .pick({ step: true, expires_at: true })
  .extend({ description: z.string().openapi({ description: "The plan's words for it" }) })
  .openapi("RunQuestion");

/** A run in a list. */
export const runSummarySchema = z
  .object({
    id: z.string().openapi({ description: "The same as `correlation_id`, the older name" }),
    correlation_id: z.string(),
    instance_id: z.string().nullable(),
    instance_name: z.string().nullable().openapi({
      description: "What its persona is called, also one that is deleted; null for a run of none",
    }),
    status: z.enum(runStatuses),
    revision: z.number().int().openapi({ description: "Counts what has happened to it, as in its events" }),
    current_step: z.string().nullable(),
    waiting: z.union([questionSchema, z.null()]).openapi({
      description: "What it asks a person, the first of several; null for one that waits for nobody",
    }),
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
    image_url: z
      .string()
      .openapi({ description: "The same, signed for a browser's `<img>`: good for ten minutes at least" }),
    correlation_id: z.string(),
    step: z.string(),
    created_at: time,
  })
  .openapi("ImageEntry");

export const imagesSchema = z.object({ images: z.array(imageEntrySchema), ...page }).openapi("ImageList");
