import { shardOfRun } from "#src/objects/run-id.ts";
import { attemptsOfRuns, hasOlderRuns, markHandedOver, olderRuns } from "./older-runs-repository.ts";
import { type RunRow, runCopyOf, usageRecordOf, usedBy } from "./run-row.ts";
import type { HistorySources } from "./with-older.ts";

/** Runs that move at once, how often in one go of the job, and attempts that one call takes: a run may have thousands. */
const max = { runs: 20, pieces: 400, attempts: 2000 };

/**
 * The cron job that brings the history of releases before, which is in D1 alone, to the tenants' objects, the newest
 * first. Repeats are harmless: what is known already, or newer, stays. One tenant's failure holds up no other.
 * @returns how many runs
 */
export async function handOverHistory(sources: HistorySources): Promise<number> {
  const failed = new Map<string, unknown>();
  let runs = 0;
  for (let piece = 0; piece < max.pieces; piece++) {
    const rows = await olderRuns(sources.db, max.runs, [...failed.keys()]);
    runs += rows.length;
    const tenants = Map.groupBy(rows, ({ clientId }) => clientId);
    for (const [clientId, ofTenant] of tenants)
      await handOver(sources, clientId, ofTenant).catch((error: unknown) => void failed.set(clientId, error));
    if (rows.length < max.runs) break;
  }
  if (failed.size > 0) throw new AggregateError(failed.values(), "History was not handed over");
  return runs;
}

async function handOver(
  { db, objects }: HistorySources,
  clientId: string,
  rows: readonly RunRow[],
): Promise<void> {
  const all = await attemptsOfRuns(
    db,
    rows.map(({ correlationId }) => correlationId),
  );
  const attempts = Map.groupBy(all, ({ correlationId }) => correlationId);
  // A run's id says which of the tenant's objects has it.
  for (const ofObject of Map.groupBy(rows, ({ correlationId }) => shardOfRun(correlationId)).values()) {
    const [first] = ofObject;
    if (!first) continue;
    const records = ofObject.flatMap(({ correlationId }) => attempts.get(correlationId) ?? []);
    const tenant = await objects.workflowsOfRun(clientId, first.correlationId);
    const copies = ofObject.map((row) => ({
      ...runCopyOf(row),
      used: usedBy(attempts.get(row.correlationId) ?? []),
    }));
    await tenant.takeOverHistory(copies, []);
    for (let from = 0; from < records.length; from += max.attempts)
      await tenant.takeOverHistory([], records.slice(from, from + max.attempts).map(usageRecordOf));
  }
  await markHandedOver(db, rows);
  if (await hasOlderRuns(db, clientId)) return;
  await Promise.all((await objects.allWorkflows(clientId)).map((object) => object.completeHistory()));
}
