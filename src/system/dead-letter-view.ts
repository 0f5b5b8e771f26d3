import type { z } from "@hono/zod-openapi";
import { wireRow } from "#src/http/wire-row.ts";
import { isoTime } from "#src/kernel/clock.ts";
import type { DeadLetterRow } from "#src/read-models/index.ts";
import { deadLetterSchema } from "./schemas.ts";

/** The body as it was sent; undefined for one that was cut off. */
export function bodyOf({ body }: Pick<DeadLetterRow, "body">): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** A dead letter on the wire. */
export const deadLetterView = (row: DeadLetterRow): z.infer<typeof deadLetterSchema> =>
  wireRow(deadLetterSchema, row, { body: bodyOf(row) ?? row.body, failed_at: isoTime(row.createdAt) });
