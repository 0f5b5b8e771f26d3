import { v7 as uuidv7 } from "uuid";
import type { Database } from "#src/db/client.ts";
import { jsonArraysOf } from "#src/db/json-rows.ts";
import { dayMs, dayOf } from "#src/kernel/clock.ts";
import type { CountedEvent } from "#src/objects/counted-events.ts";
import { bucketOf } from "../histogram.ts";
import { isDuration, lengthDimension } from "../metrics.ts";
import { monthStart, weekOf } from "../periods.ts";
import { addToDays, addToHours, putEvents } from "./count-statements.ts";
import { addActive, addToCohorts, putActive, putMembers } from "./person-statements.ts";
import { tiersOf } from "./tier-repository.ts";

/** How long events are known: one that is older counts only as one that came too late. */
export const keptMs = 7 * dayMs;

/** What is on its way when a week ends still belongs to it. */
const graceMs = 3_600_000;

/** Of whom an event is told. */
export type TenantEvent = CountedEvent & { clientId: string };

/**
 * What counts events, each once however often it is told: statements for one batch. What they count is what they write, so
 * that all of it is there or nothing (docs/analytics.md#counted-once).
 * @param now epoch milliseconds
 */
export async function countingOf(db: Database, events: readonly TenantEvent[], now: number) {
  // One that comes twice with a delivery is one.
  const distinct = [...new Map(events.map((event) => [event.id, event])).values()];
  const tiers = await tiersOf(db, [...new Set(distinct.flatMap(({ account }) => account ?? []))]);
  const open = [now - graceMs, now].map(dayOf).flatMap((day) => [weekOf(day), monthStart(day)]);
  return jsonArraysOf(distinct.map((event) => rowOf(event, tiers, now))).flatMap((list) => {
    const delivery = { list, batch: uuidv7({ msecs: now }) };
    return [
      putEvents(db, delivery),
      addToHours(db, delivery),
      addToDays(db, delivery),
      putActive(db, delivery),
      addActive(db, delivery),
      putMembers(db, delivery, open),
      addToCohorts(db, delivery),
    ];
  });
}

/** Counts events, all or none. */
export async function countEvents(db: Database, events: readonly TenantEvent[], now: number): Promise<void> {
  const [first, ...rest] = await countingOf(db, events, now);
  if (first) await db.batch([first, ...rest]);
}

/** An event as the statements read it. */
function rowOf(event: TenantEvent, tiers: ReadonlyMap<string, string>, now: number) {
  const { id, clientId, metric, by, value, person, account } = event;
  if (event.at < now - keptMs) return [id, clientId, now, "late_events", {}, 1, null];
  const tier = account === null ? undefined : tiers.get(account);
  const length = isDuration(metric) ? { [lengthDimension]: String(bucketOf(value)) } : {};
  const told = { ...by, ...(tier && { tier }), ...length };
  return [id, clientId, Math.min(event.at, now), metric, told, value, person];
}
