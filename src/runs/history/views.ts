import type { z } from "@hono/zod-openapi";
import type { RunRow } from "#src/history/index.ts";
import { pageOf } from "#src/http/page.ts";
import { wireRow } from "#src/http/wire-row.ts";
import { isoTime } from "#src/kernel/clock.ts";
import type { UsageRecord } from "#src/objects/platform-message.ts";
import { beforeLast } from "#src/text/cut-text.ts";
import { type historySchema, type imageEntrySchema, runSummarySchema } from "./schemas.ts";

/** A run in a list on the wire. */
export const runSummary = (row: RunRow): z.infer<typeof runSummarySchema> =>
  wireRow(runSummarySchema, row, {
    id: row.correlationId,
    fuel: { budget: row.fuelBudget, spent: row.fuelSpent },
    tokens: { input: row.tokensIn, output: row.tokensOut },
    error: row.errorCode === null ? null : { code: row.errorCode, message: row.errorMessage ?? "" },
    duration_ms: row.completedAt === null ? null : row.completedAt - row.createdAt,
  });

/**
 * A page of runs on the wire.
 * @param found one more than the limit when there are more
 */
export function historyView(found: readonly RunRow[], limit: number): z.infer<typeof historySchema> {
  const { rows, nextCursor } = pageOf(found, limit, (row) => [row.createdAt, row.correlationId]);
  return { runs: rows.map(runSummary), count: rows.length, next_cursor: nextCursor };
}

/**
 * An image on the wire: the task that made it names its file (docs/agents.md#adapters), and begins with the
 * run it was made in, which may be a child of the run that is told.
 */
export function imageEntry({
  id,
  client_id,
  correlation_id,
  step_name,
  created_at,
}: UsageRecord): z.infer<typeof imageEntrySchema> {
  const task = beforeLast(id, ":");
  const [madeIn] = task.split(".", 1);
  return {
    image_uri: `/api/v1/images/${client_id}/${madeIn}/${task}.png`,
    correlation_id,
    step: step_name,
    created_at: isoTime(created_at),
  };
}
