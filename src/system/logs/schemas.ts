import { z } from "@hono/zod-openapi";
import { nextCursorSchema } from "#src/http/page.ts";
import { logLevels } from "#src/kernel/log-level.ts";

const id = z.string().min(1).max(128);

/** Which lines are asked for. */
export const systemLogsQuery = z.strictObject({
  service: z
    .string()
    .min(1)
    .max(50)
    .optional()
    .openapi({ description: "Who has logged it: `gateway`, `agents`, `tenant-workflows` and so on" }),
  level: z.enum(logLevels).optional().openapi({ description: "The least severe level" }),
  since: z.iso.datetime({ offset: true }).optional().openapi({ description: "Not earlier than that" }),
  request_id: id.optional().openapi({ description: "Of one request, and of what it has led to" }),
  correlation_id: id.optional().openapi({ description: "Of one run" }),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  cursor: z.string().max(512).optional(),
  follow: z
    .enum(["true", "false"])
    .default("false")
    .openapi({ description: "`true`: the lines that come from now on, as server-sent events" }),
});
export type SystemLogsQuery = z.output<typeof systemLogsQuery>;

export const logEntrySchema = z
  .object({
    timestamp: z.iso.datetime().openapi({ description: "When it was logged" }),
    service: z.string().openapi({ description: "Who has logged it" }),
    level: z.enum(logLevels).openapi({ description: "How severe it is" }),
    message: z.string().openapi({ description: "What it says" }),
    metadata: z
      .record(z.string(), z.unknown())
      .openapi({ description: "What else is known: request, trace, user, run, times, errors" }),
  })
  .openapi("LogEntry");
export type LogEntry = z.output<typeof logEntrySchema>;

export const systemLogsSchema = z
  .object({
    logs: z.array(logEntrySchema).openapi({ description: "The lines, the latest first" }),
    total: z.number().int().nonnegative().openapi({ description: "Lines in this answer" }),
    next_cursor: nextCursorSchema,
    query: systemLogsQuery
      .pick({ service: true, level: true, limit: true })
      .partial()
      .openapi({ description: "What was asked for" }),
  })
  .openapi("SystemLogs");
export type SystemLogs = z.output<typeof systemLogsSchema>;
