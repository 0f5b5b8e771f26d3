import { and, asc, desc, eq, gt, inArray, sql } from "drizzle-orm";
import type { Database } from "#src/db/client.ts";
import { insertSelect } from "#src/db/insert-select.ts";
import { countedEvents, funnelProgress, funnels, rollupDays } from "#src/db/schema/index.ts";
import { addedToDay } from "../counting/count-statements.ts";
import type { Progress } from "../funnel.ts";
import { type FunnelRow, metricOfFunnel } from "./funnel-repository.ts";

/** The number of the latest event. */
export const latestEvent = async (db: Database): Promise<number> =>
  (
    await db
      .select({ number: countedEvents.number })
      .from(countedEvents)
      .orderBy(desc(countedEvents.number))
      .limit(1)
      .get()
  )?.number ?? 0;

/** What persons of a funnel's tenant have done since it was counted, of what its steps are about. */
export const doneSince = (db: Database, { clientId, counted, steps }: FunnelRow, limit: number) =>
  db
    .select()
    .from(countedEvents)
    .where(
      and(
        eq(countedEvents.clientId, clientId),
        sql`person IS NOT NULL`,
        gt(countedEvents.number, counted),
        inArray(
          countedEvents.metric,
          steps.map(({ event }) => event),
        ),
      ),
    )
    .orderBy(asc(countedEvents.number))
    .limit(limit);

/** How far persons have come. */
export const progressOf = (db: Database, { clientId, key }: FunnelRow, persons: readonly string[]) =>
  db
    .select()
    .from(funnelProgress)
    .where(
      and(
        eq(funnelProgress.clientId, clientId),
        sql`${funnelProgress.person} IN (SELECT value FROM json_each(${JSON.stringify(persons)}))`,
        eq(funnelProgress.funnel, key),
      ),
    );

/** A step that was taken: the day of the first, and the bucket of the time since the one before. */
export interface CountedStep {
  step: number;
  day: number;
  bucket: number;
}

/**
 * Writes how far persons have come, what that adds, and up to which event it is counted: all of it, or nothing where
 * somebody else has counted meanwhile, or the funnel is another one by now.
 */
export function putProgress(
  db: Database,
  { id, clientId, key, counted }: FunnelRow,
  progress: ReadonlyMap<string, Progress>,
  taken: readonly CountedStep[],
  to: number,
) {
  const isStill = sql`EXISTS (SELECT 1 FROM ${funnels}
    WHERE ${funnels.id} = ${id} AND ${funnels.key} = ${key} AND ${funnels.counted} = ${counted})`;
  const persons = JSON.stringify(
    [...progress].map(([person, { step, since, at }]) => [person, step, since, at]),
  );
  const steps = JSON.stringify(
    taken.flatMap(({ step, day, bucket }) => [
      ["step", String(step), day],
      ...(step > 1 ? [["length", `${step}:${bucket}`, day]] : []),
    ]),
  );
  return [
    insertSelect(
      db,
      funnelProgress,
      {
        ...{ clientId, funnel: key, person: sql`value ->> 0` },
        ...{ step: sql`value ->> 1`, since: sql`value ->> 2`, at: sql`value ->> 3` },
      },
      // Nothing of who has withdrawn meanwhile.
      sql`FROM json_each(${persons}) WHERE ${isStill} AND EXISTS (
        SELECT 1 FROM analytics_consents AS consent WHERE consent.client_id = ${clientId} AND consent.person = value ->> 0)`,
    ).onConflictDoUpdate({
      target: [funnelProgress.clientId, funnelProgress.person, funnelProgress.funnel],
      set: { step: sql`excluded.step`, since: sql`excluded.since`, at: sql`excluded.at` },
    }),
    insertSelect(
      db,
      rollupDays,
      {
        ...{ clientId, metric: metricOfFunnel(key), dimension: sql`value ->> 0`, name: sql`value ->> 1` },
        ...{ day: sql`value ->> 2`, n: sql`count(*)`, sum: sql`count(*)` },
      },
      sql`FROM json_each(${steps}) WHERE ${isStill} GROUP BY value ->> 0, value ->> 1, value ->> 2`,
    ).onConflictDoUpdate(addedToDay),
    db
      .update(funnels)
      .set({ counted: to })
      .where(and(eq(funnels.id, id), eq(funnels.key, key), eq(funnels.counted, counted))),
  ] as const;
}
