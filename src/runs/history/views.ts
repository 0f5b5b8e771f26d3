import type { z } from "@hono/zod-openapi";
import { wireRow } from "#src/http/wire-row.ts";
import { isoTime } from "#src/kernel/clock.ts";
import type { RunRow } from "#src/read-models/index.ts";
import { beforeLast } from "#src/text/cut-text.ts";
import type { UsageRow } from "./run-history-repository.ts";
import { type historySchema, type imageEntrySchema, runSummarySchema } from "./schemas.ts";

/** A run of the read model on the wire. */
export const runSummary = (row: RunRow): z.infer<typeof runSummarySchema> =>
  wireRow(runSummarySchema, row, {
    id: row.correlationId,
    fuel: { budget: row.fuelBudget, spent: row.fuelSpent },
    tokens: { input: row.tokensIn, output: row.tokensOut },
    error: row.errorCode === null ? null : { code: row.errorCode, message: row.errorMessage ?? "" },
    duration_ms: row.completedAt === null ? null : row.completedAt - row.createdAt,
  });

/** A page of runs on the wire. */
export const historyView = ({
  rows,
  nextCursor,
}: {
  rows: readonly RunRow[];
  nextCursor: string | null;
}): z.infer<typeof historySchema> => ({
  runs: rows.map(runSummary),
  count: rows.length,
  next_cursor: nextCursor,
});

/**
 * An image on the wire: the task that made it names its file (docs/agents.md#adapters), and begins with the
 * run it was made in, which may be a child of the run that is told.
 */
export function imageEntry(
  clientId: string,
  {
    id,
    correlationId,
    stepName,
    createdAt,
  }: Pick<UsageRow, "id" | "correlationId" | "stepName" | "createdAt">,
): z.infer<typeof imageEntrySchema> {
  const task = beforeLast(id, ":");
  const [madeIn] = task.split(".", 1);
  return {
    image_uri: `/api/v1/images/${clientId}/${madeIn}/${task}.png`,
    correlation_id: correlationId,
    step: stepName,
    created_at: isoTime(createdAt),
  };
}
