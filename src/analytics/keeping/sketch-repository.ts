import { and, asc, eq, gt, sql } from "drizzle-orm";
import type { Database } from "#src/db/client.ts";
import { insertSelect } from "#src/db/insert-select.ts";
import { jsonArraysOf } from "#src/db/json-rows.ts";
import { activePersons, analyticsMarks, personSketches } from "#src/db/schema/index.ts";

const mark = "sketches";

/** The number of the last row that is in the sketches. */
export const sketchedTo = async (db: Database): Promise<number> =>
  (
    await db
      .select({ number: analyticsMarks.number })
      .from(analyticsMarks)
      .where(eq(analyticsMarks.name, mark))
      .get()
  )?.number ?? 0;

/** Who has been active, behind a number, in the order in which it was written. */
export const activeAfter = (db: Database, number: number, limit: number) =>
  db
    .select()
    .from(activePersons)
    .where(gt(activePersons.number, number))
    .orderBy(asc(activePersons.number))
    .limit(limit);

/** A day of a tenant, or with no tenant of all of them. */
export interface SketchedDay {
  clientId: string;
  day: number;
}

/** The sketches that there are of some days. */
export async function sketchesAt(db: Database, days: readonly SketchedDay[]) {
  const lists = jsonArraysOf(days.map(({ clientId, day }) => [clientId, day]));
  const found = await Promise.all(
    lists.map((list) =>
      db
        .select({ clientId: personSketches.clientId, day: personSketches.day, sketch: personSketches.sketch })
        .from(sql`json_each(${list}) AS told`)
        .crossJoin(personSketches)
        .where(
          and(
            sql`${personSketches.clientId} = told.value ->> 0`,
            sql`${personSketches.day} = told.value ->> 1`,
          ),
        ),
    ),
  );
  return found.flat();
}

/** Writes sketches, and up to which number everybody is in them; nothing where somebody else has been faster. */
export function putSketches(
  db: Database,
  sketches: readonly (SketchedDay & { sketch: string })[],
  from: number,
  to: number,
) {
  const isStill = sql`coalesce((SELECT number FROM ${analyticsMarks} WHERE name = ${mark}), 0) = ${from}`;
  return [
    ...jsonArraysOf(sketches.map(({ clientId, day, sketch }) => [clientId, day, sketch])).map((list) =>
      insertSelect(
        db,
        personSketches,
        { clientId: sql`value ->> 0`, day: sql`value ->> 1`, sketch: sql`value ->> 2` },
        sql`FROM json_each(${list}) WHERE ${isStill}`,
      ).onConflictDoUpdate({
        target: [personSketches.clientId, personSketches.day],
        set: { sketch: sql`excluded.sketch` },
      }),
    ),
    insertSelect(db, analyticsMarks, { name: mark, number: to }, sql`WHERE ${isStill}`).onConflictDoUpdate({
      target: analyticsMarks.name,
      set: { number: sql`excluded.number` },
    }),
  ] as const;
}
