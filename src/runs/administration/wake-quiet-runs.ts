import type { Database } from "#src/db/client.ts";
import { mapConcurrent } from "#src/kernel/map-concurrent.ts";
import type { TenantObject } from "#src/objects/tenant-object.ts";
import { tenantsWithQuietRuns } from "./run-query-repository.ts";

interface Sleepers {
  /** Every workflow object of a tenant. */
  allWorkflows(clientId: string): Promise<readonly Pick<TenantObject, "wake">[]>;
}

const minuteMs = 60_000;
/** An object that sleeps until its alarm is woken no more often than this: a paused run may wait for days. */
const everyMinutes = 5;
/** A run of which nothing was heard for this long may be stuck. */
const quietMs = 2 * minuteMs;
const max = { tenants: 1000, atOnce: 6 };

/**
 * The cron job against stuck runs: has objects look at their alarms, which the platform gives up after it has failed a
 * few times. One object's failure holds up no other.
 * @returns how many objects were woken
 */
export async function wakeQuietRuns(
  { db, objects }: { db: Database; objects: Sleepers },
  now: number,
): Promise<number> {
  if (Math.floor(now / minuteMs) % everyMinutes !== 0) return 0;
  const tenants = await tenantsWithQuietRuns(db, now - quietMs, max.tenants);
  const all = await Promise.all(tenants.map(({ clientId }) => objects.allWorkflows(clientId)));
  const sleepers = all.flat();
  const failures: unknown[] = [];
  await mapConcurrent(sleepers, max.atOnce, (object) =>
    object.wake().catch((error: unknown) => void failures.push(error)),
  );
  if (failures.length > 0) throw new AggregateError(failures, "Workflow objects did not wake");
  return sleepers.length;
}
