import type { z } from "@hono/zod-openapi";
import { isoTime, isoTimeOrNull } from "#src/kernel/clock.ts";
import type { DeadLetterRow } from "#src/read-models/dead-letter-repository.ts";
import type { deadLetterSchema } from "./schemas.ts";

/** The body as it was sent; undefined for one that was cut off. */
export function bodyOf({ body }: Pick<DeadLetterRow, "body">): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** A dead letter on the wire. */
export const deadLetterView = (row: DeadLetterRow): z.infer<typeof deadLetterSchema> => ({
  id: row.id,
  queue: row.queue,
  reason: row.reason,
  body: bodyOf(row) ?? row.body,
  client_id: row.clientId,
  correlation_id: row.correlationId,
  task_id: row.taskId,
  failed_at: isoTime(row.createdAt),
  redriven_at: isoTimeOrNull(row.redrivenAt),
  redriven_by: row.redrivenBy,
});
