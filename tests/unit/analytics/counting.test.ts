import { env } from "cloudflare:workers";
import { sql } from "drizzle-orm";
import fc from "fast-check";
import { beforeEach, expect, it } from "vitest";
import { allowAnalytics, withdrawAnalytics } from "#src/analytics/counting/consent-repository.ts";
import { countEvents, countingOf, type TenantEvent } from "#src/analytics/counting/count-events.ts";
import { monthStart, weekOf } from "#src/analytics/periods.ts";
import { database } from "#src/db/client.ts";
import { dayMs, dayOf } from "#src/kernel/clock.ts";

const db = database(env.DB);
const now = Date.parse("2026-11-26T12:00:00Z");
const tables = [
  ...["counted_events", "rollup_hours", "rollup_days", "active_persons", "cohorts"],
  ...["cohort_members", "analytics_consents"],
];

const clear = () => env.DB.batch(tables.map((table) => env.DB.prepare(`DELETE FROM ${table}`)));
beforeEach(clear);

const event = (given: Partial<TenantEvent> & { id: string }): TenantEvent => ({
  clientId: "acme",
  at: now,
  metric: "messages.sent",
  by: {},
  value: 1,
  person: null,
  account: null,
  ...given,
});

type Row = Record<string, string | number>;
const rowsOf = async (query: string): Promise<Row[]> => (await env.DB.prepare(query).all<Row>()).results;

const keyed = (rows: readonly Row[], keys: readonly string[]) =>
  Object.fromEntries(rows.map((row) => [keys.map((key) => row[key]).join("|"), `${row.n}/${row.sum ?? ""}`]));
const parts = ["client_id", "metric", "dimension", "name"];

/** What distinct events come to, counted anew. */
function recount(events: readonly TenantEvent[], unit: number) {
  const sums = new Map<string, [number, number]>();
  const distinct = new Map(events.toReversed().map((one) => [one.id, one]));
  for (const { clientId, metric, by, value, at } of distinct.values()) {
    const told: [string, string][] = [
      ["", ""],
      ...Object.entries(by).map(([d, n]): [string, string] => [d, n]),
    ];
    for (const [dimension, name] of told)
      for (const whose of dimension === "persona" ? [clientId] : [clientId, ""]) {
        const key = [whose, metric, dimension, name, Math.floor(at / unit)].join("|");
        const [n, sum] = sums.get(key) ?? [0, 0];
        sums.set(key, [n + 1, sum + value]);
      }
  }
  return Object.fromEntries([...sums].map(([key, [n, sum]]) => [key, `${n}/${sum}`]));
}

/** Distinct persons of each period, counted anew. */
function recountPersons(events: readonly TenantEvent[], agreed: readonly string[]) {
  const seen = new Set<string>();
  for (const { clientId, person, at } of events) {
    if (person === null || !agreed.includes(person)) continue;
    const day = dayOf(at);
    for (const [period, start] of [
      ["day", day],
      ["week", weekOf(day)],
      ["month", monthStart(day)],
    ])
      seen.add([clientId, person, period, start].join("|"));
  }
  const counts: Record<string, number> = {};
  for (const one of seen) {
    const [clientId = "", , period, start] = one.split("|");
    for (const whose of [clientId, ""]) {
      const key = [whose, `persons.${period}`, start].join("|");
      counts[key] = (counts[key] ?? 0) + 1;
    }
  }
  return counts;
}

const told = fc.record({
  id: fc.integer({ min: 0, max: 25 }),
  hours: fc.integer({ min: 0, max: 160 }),
  clientId: fc.constantFrom("acme", "other"),
  metric: fc.constantFrom("messages.sent" as const, "feedback.given" as const),
  by: fc.record(
    { role: fc.constantFrom("user", "assistant"), persona: fc.constantFrom("p1", "p2") },
    { requiredKeys: [] },
  ),
  value: fc.nat({ max: 9 }),
  person: fc.constantFrom(null, "ann", "ben", "cleo"),
});

it("Rollups equal a recount of distinct events: repeats, any order, batches cut anywhere, crashes between statements", async () => {
  const deliveries = fc.array(
    fc.record({ from: fc.nat(), length: fc.integer({ min: 1, max: 8 }), crash: fc.option(fc.nat()) }),
    {
      maxLength: 12,
    },
  );
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(told, { selector: ({ id }) => id, minLength: 1 }),
      deliveries,
      async (given, cuts) => {
        await clear();
        for (const person of ["ann", "ben"])
          for (const clientId of ["acme", "other"]) await db.batch(allowAnalytics(db, { clientId, person }));
        const events = given.map(({ id, hours, ...rest }) =>
          event({ ...rest, id: `e${id}`, at: now - hours * 3_600_000 }),
        );
        for (const { from, length, crash } of cuts) {
          const some = Array.from(
            { length },
            (_, index) => events[(from + index * 7) % events.length],
          ).flatMap((one) => one ?? []);
          if (crash === null) await countEvents(db, some, now);
          else await crashed(some, crash);
        }
        await countEvents(db, events, now);
        const hours = await rowsOf("SELECT * FROM rollup_hours");
        expect(keyed(hours, [...parts, "hour"])).toEqual(recount(events, 3_600_000));
        const days = await rowsOf("SELECT * FROM rollup_days WHERE metric NOT LIKE 'persons.%'");
        expect(keyed(days, [...parts, "day"])).toEqual(recount(events, dayMs));
        const persons = await rowsOf(
          "SELECT * FROM rollup_days WHERE metric LIKE 'persons.%' AND dimension = ''",
        );
        const counted = Object.fromEntries(
          persons.map(({ client_id, metric, day, n }) => [[client_id, metric, day].join("|"), n]),
        );
        expect(counted).toEqual(recountPersons(events, ["ann", "ben"]));
      },
    ),
    { numRuns: 40 },
  );
});

/** A delivery that breaks off between two of its statements. */
async function crashed(events: readonly TenantEvent[], at: number): Promise<void> {
  const statements = await countingOf(db, events, now);
  const broken = [
    ...statements.slice(0, at % statements.length),
    db.run(sql`INSERT INTO nowhere (a) VALUES (1)`),
  ];
  const [first, ...rest] = broken;
  if (first) await expect(db.batch([first, ...rest])).rejects.toThrow();
}

it("An event that is older than seven days counts only as one that came too late", async () => {
  const late = event({ id: "late", at: now - 7 * dayMs - 1, by: { role: "user" } });
  await countEvents(db, [late], now);
  await countEvents(db, [late], now);
  const rows = await rowsOf(
    "SELECT client_id, metric, dimension, day, n FROM rollup_days ORDER BY client_id",
  );
  expect(rows).toEqual(
    ["", "acme"].map((client_id) => ({
      ...{ client_id, metric: "late_events", dimension: "", day: dayOf(now), n: 1 },
    })),
  );
});

it("Who has not agreed counts in totals, under no id", async () => {
  await countEvents(db, [event({ id: "one", person: "ann" })], now);
  expect(await rowsOf("SELECT n FROM rollup_days WHERE client_id = 'acme'")).toEqual([{ n: 1 }]);
  for (const table of ["counted_events", "active_persons", "cohort_members"])
    expect(JSON.stringify(await rowsOf(`SELECT * FROM ${table}`))).not.toContain("ann");
});

it("What was withdrawn is gone, and stays part of the sums", async () => {
  const ann = { clientId: "acme", person: "ann" };
  await db.batch(allowAnalytics(db, ann));
  await countEvents(db, [event({ id: "one", person: "ann" })], now);
  const before = await rowsOf("SELECT * FROM rollup_days");
  expect(JSON.stringify(await rowsOf("SELECT * FROM active_persons"))).toContain("ann");
  await db.batch(withdrawAnalytics(db, ann));
  await countEvents(db, [event({ id: "two", person: "ann", metric: "feedback.given" })], now);
  for (const table of tables)
    expect(JSON.stringify(await rowsOf(`SELECT * FROM ${table}`))).not.toContain("ann");
  expect(await rowsOf("SELECT * FROM rollup_days WHERE metric <> 'feedback.given'")).toEqual(before);
});

it("Persons who come back count as kept, whichever of the two weeks is told first", async () => {
  await db.batch(allowAnalytics(db, { clientId: "acme", person: "ann" }));
  const [late, before] = [now, now - 7 * dayMs + 3_600_000];
  for (const order of [[[late], [before]], [[before], [late]], [[late, before]]]) {
    const counted = ["counted_events", "rollup_days", "active_persons", "cohort_members", "cohorts"];
    await env.DB.batch(counted.map((table) => env.DB.prepare(`DELETE FROM ${table}`)));
    for (const some of order)
      await countEvents(
        db,
        some.map((at) => event({ id: `at ${at}`, at, person: "ann" })),
        now,
      );
    const kept = await rowsOf(
      "SELECT day, n FROM rollup_days WHERE client_id = 'acme' AND metric = 'persons.week' AND dimension = 'kept'",
    );
    expect(kept).toEqual([{ day: weekOf(dayOf(now)), n: 1 }]);
  }
});

it("A cohort never grows after its week, and nobody is in a later week who was not in it", async () => {
  const activity = fc.array(
    fc.record({
      person: fc.constantFrom("a", "b", "c", "d", "e"),
      day: fc.nat({ max: 40 }),
      late: fc.nat({ max: 6 }),
    }),
    { maxLength: 40 },
  );
  await fc.assert(
    fc.asyncProperty(activity, async (given) => {
      await clear();
      for (const person of ["a", "b", "c", "d", "e"])
        await db.batch(allowAnalytics(db, { clientId: "acme", person }));
      const start = Date.parse("2026-09-07T12:00:00Z");
      const sizes = new Map<string, number>();
      const order = given.toSorted((one, other) => one.day + one.late - other.day - other.late);
      for (const [index, { person, day, late }] of order.entries()) {
        const clock = start + (day + late) * dayMs;
        await countEvents(db, [event({ id: `e${index}`, at: start + day * dayMs, person })], clock);
        for (const { client_id, period, first, later, persons } of await rowsOf(
          "SELECT * FROM cohorts WHERE later = 0",
        )) {
          const end = period === "week" ? Number(first) + 7 : monthStart(Number(first) + 31);
          const key = [client_id, period, first, later].join("|");
          if (dayOf(clock) > end) expect(persons, key).toBe(sizes.get(key));
          sizes.set(key, Number(persons));
        }
      }
      const wrong =
        await rowsOf(`SELECT * FROM cohorts AS one WHERE persons > (SELECT persons FROM cohorts AS size WHERE
        size.client_id = one.client_id AND size.period = one.period AND size.first = one.first AND size.later = 0)`);
      expect(wrong).toEqual([]);
    }),
    { numRuns: 12 },
  );
});
