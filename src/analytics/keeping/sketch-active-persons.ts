import type { Database } from "#src/db/client.ts";
import { everyTenant } from "../metrics.ts";
import { emptySketch, withPersons } from "../sketch.ts";
import { activeAfter, putSketches, sketchedTo, sketchesAt } from "./sketch-repository.ts";

/** Rows that go into sketches at once, and how often in one go of the job. */
const max = { rows: 5000, pieces: 4 };

const keyOf = ({ clientId, day }: { clientId: string; day: number }): string => `${day}/${clientId}`;

/**
 * The job that notes who was active on which day in the sketches of the days, which know how many and not who. What is in
 * one changes it no more, so that doing it twice, or at the same time as another, does no harm.
 * @returns how many rows
 */
export async function sketchActivePersons(db: Database): Promise<number> {
  let done = 0;
  for (let piece = 0; piece < max.pieces; piece++) {
    const from = await sketchedTo(db);
    const rows = await activeAfter(db, from, max.rows);
    const last = rows.at(-1);
    if (!last) break;
    const perDay = Map.groupBy(
      rows
        .filter(({ period }) => period === "day")
        .flatMap(({ clientId, person, start: day }) =>
          [clientId, everyTenant].map((whose) => ({ clientId: whose, day, person })),
        ),
      keyOf,
    );
    const days = [...perDay.values()].flatMap(([first]) => first ?? []);
    const known = new Map((await sketchesAt(db, days)).map((row) => [keyOf(row), row.sketch]));
    const sketches = days.map(({ clientId, day }) => {
      const key = keyOf({ clientId, day });
      const persons = (perDay.get(key) ?? []).map(({ person }) => person);
      return { clientId, day, sketch: withPersons(known.get(key) ?? emptySketch, persons) };
    });
    const [first, ...rest] = putSketches(db, sketches, from, last.number);
    if (first) await db.batch([first, ...rest]);
    done += rows.length;
    if (rows.length < max.rows) break;
  }
  return done;
}
