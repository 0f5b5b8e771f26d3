import type { Database } from "#src/db/client.ts";
import type { Settings } from "#src/kernel/config.ts";
import { forgetUses, removeRuns, runsOfBefore } from "./run-list-repository.ts";

/** Runs that go at once, with twice as many uses of workflows, and how often in one go of the job. */
const max = { runs: 500, pieces: 20 };

/**
 * The cron job that ends the lists over all tenants: takes runs out of D1 whose end is longer ago than `RUN_LIST_DAYS`,
 * the oldest first, with what is there of their usage. Their tenants' objects have them; a run of a release before that
 * its object has not taken over yet stays, and so does one that goes on.
 * @param now epoch milliseconds
 * @returns how many runs
 */
export async function pruneRunLists(
  { db, settings }: { db: Database; settings: Pick<Settings, "RUN_LIST_DAYS"> },
  now: number,
): Promise<number> {
  const before = now - settings.RUN_LIST_DAYS * 86_400_000;
  let pruned = 0;
  for (let piece = 0; piece < max.pieces; piece++) {
    const ids = (await runsOfBefore(db, before, max.runs)).map(({ id }) => id);
    if (ids.length === 0) break;
    await db.batch([...removeRuns(db, ids), forgetUses(db, before, 2 * max.runs)]);
    pruned += ids.length;
    if (ids.length < max.runs) break;
  }
  return pruned;
}
