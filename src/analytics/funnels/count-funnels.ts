import type { Database } from "#src/db/client.ts";
import { dayMs, dayOf } from "#src/kernel/clock.ts";
import { advance, type Progress } from "../funnel.ts";
import { bucketOf } from "../histogram.ts";
import { type FunnelRow, funnelsInTurn } from "./funnel-repository.ts";
import { type CountedStep, doneSince, latestEvent, progressOf, putProgress } from "./progress-repository.ts";

/** Funnels of one go of the job, and events of each. */
const max = { funnels: 50, events: 1000 };

/**
 * The job that counts who takes the steps of funnels: of events as they come, and of a new funnel those of the last seven
 * days. @returns how many events
 */
export async function countFunnels(db: Database): Promise<number> {
  const latest = await latestEvent(db);
  let done = 0;
  for (const funnel of await funnelsInTurn(db, max.funnels))
    if (funnel.counted < latest) done += await countOne(db, funnel, latest);
  return done;
}

async function countOne(db: Database, funnel: FunnelRow, latest: number): Promise<number> {
  const events = await doneSince(db, funnel, max.events);
  const last = events.at(-1)?.number;
  const to = events.length < max.events || last === undefined ? Math.max(latest, last ?? 0) : last;
  const persons = [...new Set(events.flatMap(({ person }) => person ?? []))];
  const known = await progressOf(db, funnel, persons);
  const progress = new Map<string, Progress>(known.map(({ person, ...row }) => [person, row]));
  const taken: CountedStep[] = [];
  for (const { person, at, metric, toldBy } of events.toSorted(
    (a, b) => a.at - b.at || a.number - b.number,
  )) {
    if (person === null) continue;
    const done = { at, metric, by: toldBy };
    const next = advance(funnel.steps, funnel.windowDays * dayMs, progress.get(person), done);
    if (!next.taken || !next.progress) continue;
    progress.set(person, next.progress);
    taken.push({
      step: next.taken.step,
      day: dayOf(next.progress.since),
      bucket: bucketOf(next.taken.afterMs),
    });
  }
  await db.batch(putProgress(db, funnel, progress, taken, to));
  return events.length;
}
