import type { z } from "@hono/zod-openapi";
import type { RunRow } from "#src/history/index.ts";
import { pageOf } from "#src/http/page.ts";
import { wireRow } from "#src/http/wire-row.ts";
import { isoTime } from "#src/kernel/clock.ts";
import type { UsageRecord } from "#src/objects/platform-message.ts";
import { beforeLast } from "#src/text/cut-text.ts";
import { type historySchema, type imageEntrySchema, runSummarySchema } from "./schemas.ts";

/** What personas are called, by id. */
export type Names = ReadonlyMap<string, string>;

/** A run in a list on the wire. */
export const runSummary = (row: RunRow, names: Names): z.infer<typeof runSummarySchema> =>
  wireRow(runSummarySchema, row, {
    id: row.correlationId,
    instance_name: names.get(row.instanceId ?? "") ?? null,
    waiting: row.waiting ?? null,
    fuel: { budget: row.fuelBudget, spent: row.fuelSpent },
    tokens: { input: row.tokensIn, output: row.tokensOut },
    error: row.errorCode === null ? null : { code: row.errorCode, message: row.errorMessage ?? "" },
    duration_ms: row.completedAt === null ? null : row.completedAt - row.createdAt,
  });

/**
 * A page of runs on the wire.
 * @param found one more than the limit when there are more
 * @param namesOf what the personas of the page's runs are called
 */
export async function historyView(
  found: readonly RunRow[],
  limit: number,
  namesOf: (rows: readonly RunRow[]) => Promise<Names> | Names,
): Promise<z.infer<typeof historySchema>> {
  const { rows, nextCursor } = pageOf(found, limit, (row) => [row.createdAt, row.correlationId]);
  const names = await namesOf(rows);
  return { runs: rows.map((row) => runSummary(row, names)), count: rows.length, next_cursor: nextCursor };
}

/**
 * An image on the wire: the task that made it names its file (docs/agents.md#adapters), and begins with the
 * run it was made in, which may be a child of the run that is told.
 * @param sign makes an address that a browser can show
 */
export function imageEntry(
  { id, client_id, correlation_id, step_name, created_at }: UsageRecord,
  sign: (path: string) => string,
): z.infer<typeof imageEntrySchema> {
  const task = beforeLast(id, ":");
  const [madeIn] = task.split(".", 1);
  const path = `/api/v1/images/${client_id}/${madeIn}/${task}.png`;
  return {
    image_uri: path,
    image_url: sign(path),
    correlation_id,
    step: step_name,
    created_at: isoTime(created_at),
  };
}
