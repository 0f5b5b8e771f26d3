import { shardOfRun } from "#src/objects/run-id.ts";
import { attemptsOfRuns, markHandedOver, olderRuns } from "./older-runs-repository.ts";
import { type RunRow, runCopyOf, usageRecordOf } from "./run-row.ts";
import type { HistorySources } from "./with-older.ts";

/** Runs that move at once, and how often in one go of the job. */
const max = { runs: 200, pieces: 40 };

/**
 * The cron job that brings the history of releases before, which is in D1 alone, to the tenants' objects, the newest
 * first. Repeats are harmless: what is known already, or newer, stays.
 */
export async function handOverHistory(sources: HistorySources): Promise<void> {
  for (let piece = 0; piece < max.pieces; piece++) {
    const rows = await olderRuns(sources.db, max.runs);
    const tenants = Map.groupBy(rows, ({ clientId }) => clientId);
    for (const [clientId, ofTenant] of tenants) await handOver(sources, clientId, ofTenant);
    if (rows.length < max.runs) return;
  }
}

async function handOver(
  { db, objects }: HistorySources,
  clientId: string,
  rows: readonly RunRow[],
): Promise<void> {
  const records = await attemptsOfRuns(
    db,
    rows.map(({ correlationId }) => correlationId),
  );
  const attempts = Map.groupBy(records, ({ correlationId }) => correlationId);
  // A run's id says which of the tenant's objects has it.
  for (const ofObject of Map.groupBy(rows, ({ correlationId }) => shardOfRun(correlationId)).values()) {
    const [first] = ofObject;
    if (!first) continue;
    const own = ofObject.flatMap(({ correlationId }) => attempts.get(correlationId) ?? []);
    const tenant = await objects.workflowsOfRun(clientId, first.correlationId);
    await tenant.takeOverHistory(ofObject.map(runCopyOf), own.map(usageRecordOf));
  }
  await markHandedOver(db, rows);
}
