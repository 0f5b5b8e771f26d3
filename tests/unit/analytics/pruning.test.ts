import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { allowAnalytics } from "#src/analytics/counting/consent-repository.ts";
import { countEvents } from "#src/analytics/counting/count-events.ts";
import { pruneAnalytics } from "#src/analytics/keeping/prune-analytics.ts";
import { sketchActivePersons } from "#src/analytics/keeping/sketch-active-persons.ts";
import { monthStart, monthsFrom } from "#src/analytics/periods.ts";
import { database } from "#src/db/client.ts";
import { dayMs, dayOf } from "#src/kernel/clock.ts";

const db = database(env.DB);
const clientId = "pruned";
const person = "ann";
const end = Date.parse("2026-11-20T10:00:00Z");
const begin = end - 68 * 20 * dayMs;

const rows = async (sql: string) =>
  (await env.DB.prepare(sql).bind(clientId).all<Record<string, number>>()).results;
const oldestOf = async (table: string, column: string) =>
  (await rows(`SELECT min(${column}) AS oldest FROM ${table} WHERE client_id = ?`))[0]?.oldest ?? null;

it("After years days are told by the month, who was active is forgotten, and no sum has changed", async () => {
  await db.batch(allowAnalytics(db, { clientId, person }));
  for (let at = begin; at <= end; at += 20 * dayMs)
    await countEvents(
      db,
      [
        {
          ...{ id: `${clientId} ${at}`, clientId, at, metric: "messages.sent", by: { role: "user" } },
          ...{ value: 2, person, account: null },
        },
      ],
      at,
    );
  await sketchActivePersons(db);
  const sums = async () =>
    Object.fromEntries(
      Object.entries(
        Object.groupBy(
          await rows("SELECT day, n, sum FROM rollup_days WHERE client_id = ? AND metric = 'messages.sent'"),
          ({ day = 0 }) => String(monthStart(day)),
        ),
      ).map(([month, ofMonth = []]) => [month, ofMonth.reduce((all, { sum = 0 }) => all + sum, 0)]),
    );
  const before = await sums();
  let done = 0;
  for (let goes = 0; goes < 100; goes++) {
    const pruned = await pruneAnalytics(db, end);
    done += pruned;
    if (pruned === 0) break;
  }
  expect(done).toBeGreaterThan(0);
  expect(await pruneAnalytics(db, end)).toBe(0);
  expect(await sums()).toEqual(before);
  const oldest = monthsFrom(monthStart(dayOf(end)), -25);
  const days = await rows(
    "SELECT DISTINCT day FROM rollup_days WHERE client_id = ? AND metric = 'messages.sent'",
  );
  const [old, young] = [
    days.filter(({ day = 0 }) => day < oldest),
    days.filter(({ day = 0 }) => day >= oldest),
  ];
  expect(old.length).toBeGreaterThan(15);
  expect(old.every(({ day = 0 }) => day === monthStart(day))).toBe(true);
  expect(young.some(({ day = 0 }) => day !== monthStart(day))).toBe(true);
  expect(await oldestOf("active_persons", "start")).toBeGreaterThanOrEqual(oldest);
  expect(await oldestOf("person_sketches", "day")).toBeGreaterThanOrEqual(oldest);
  expect(await oldestOf("rollup_hours", "hour")).toBeGreaterThanOrEqual((dayOf(end) - 91) * 24);
  expect(await oldestOf("counted_events", "at")).toBeGreaterThanOrEqual(end - 7 * dayMs - 3_600_000);
  expect(await rows("SELECT * FROM cohort_members WHERE client_id = ?")).toEqual([]);
});
