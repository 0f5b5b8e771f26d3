import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readPlan } from "#src/kernel/questions/check-plan.ts";
import type { Plan } from "#src/kernel/questions/plan.ts";
import { datasetNames, datasetOf } from "#src/kernel/questions/vocabulary.ts";
import { offsetOf } from "#src/kernel/time-zone.ts";
import { chooseChart } from "#src/questions/choose-chart.ts";
import { daysInWords, explainPlan } from "#src/questions/explain-plan.ts";
import { lengthOf, periodBefore, periodOf } from "#src/questions/plan-period.ts";
import { momentsOf } from "#src/questions/zone-offsets.ts";
import { anyPlan } from "../../support/plans-of-questions.ts";

const plan = (over: Record<string, unknown> = {}): unknown => ({
  dataset: "orders",
  measures: ["count"],
  time: { last_days: 30 },
  ...over,
});

const planOf = (over: Record<string, unknown> = {}): Plan => {
  const read = readPlan(plan(over));
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.plan;
};

const filter = (field: string, op: string, value: unknown) => ({ filters: [{ field, op, value }] });

describe("A plan is refused that", () => {
  it.each([
    ["names a field of another data set", filter("model", "eq", "x"), "filters.0"],
    ["is told by such a field", { dimensions: ["category"] }, "dimensions.0"],
    ["measures what its data set has not", { measures: ["fuel"] }, "measures.0"],
    ["names what every object has", { measures: ["constructor"] }, "measures.0"],
    ["is told by what can only narrow", { dimensions: ["total"] }, "dimensions.0"],
    ["is of 401 days", { time: { last_days: 401 } }, "time.last_days"],
    ["is of 500 days", { time: { between: { from: "2025-01-01", to: "2026-05-15" } } }, "time.between"],
    [
      "ends before it begins",
      { time: { between: { from: "2026-02-02", to: "2026-02-01" } } },
      "time.between",
    ],
    ["is of no time", { time: undefined }, "time"],
    [
      "looks for signs alone",
      { dataset: "order_items", measures: ["quantity"], ...filter("sku", "contains", "%_*") },
      "filters.0",
    ],
    ["compares a choice by more or less", filter("status", "gt", "pending"), "filters.0"],
    ["names a choice that there is not", filter("status", "eq", "lost"), "filters.0"],
    ["gives a list to what takes one", filter("status", "eq", ["pending"]), "filters.0"],
    ["gives one to what takes a list", filter("status", "in", "pending"), "filters.0"],
    ["compares a number with a text", filter("total", "gt", "many"), "filters.0"],
    [
      "lists 51 values",
      filter(
        "currency",
        "in",
        Array.from({ length: 51 }, (_, at) => `C${at}`),
      ),
      "filters.0.value",
    ],
    ["measures the same twice", { measures: ["count", "count"] }, "measures"],
    [
      "measures six things",
      { measures: ["count", "revenue", "items", "paid", "refunds", "cancelled"] },
      "measures",
    ],
    ["is told by four things", { dimensions: ["day", "status", "source", "persona"] }, "dimensions"],
    ["has more rows than there may be", { limit: 101 }, "limit"],
    ["is ordered by what it does not tell", { order_by: { by: "revenue" } }, "order_by.by"],
    ["is ordered by names", { dimensions: ["customer"], order_by: { by: "customer" } }, "order_by.by"],
    ["compares days with days before", { dimensions: ["day"], compare: "previous_period" }, "compare"],
    [
      "tells usage by two things",
      { dataset: "usage", dimensions: ["model"], ...filter("agent", "eq", "x") },
      "dimensions",
    ],
    ["says SQL", { sql: "SELECT * FROM orders" }, "sql"],
    ["names a tenant", { client_id: "another" }, "client_id"],
  ])("%s", (_, over, path) => {
    const read = readPlan(plan(over));
    expect(read.ok ? [] : read.problems.map((problem) => problem.path.join("."))).toContain(path);
  });
});

describe("The days of a plan", () => {
  const today = "2026-11-28"; // a Saturday
  it.each([
    [{ last_days: 1 }, "2026-11-28..2026-11-28", "2026-11-27..2026-11-27"],
    [{ last_days: 30 }, "2026-10-30..2026-11-28", "2026-09-30..2026-10-29"],
    [
      { between: { from: "2026-11-01", to: "2026-11-30" } },
      "2026-11-01..2026-11-30",
      "2026-10-02..2026-10-31",
    ],
    [{ this: "week" }, "2026-11-23..2026-11-28", "2026-11-16..2026-11-21"],
    [{ this: "month" }, "2026-11-01..2026-11-28", "2026-10-01..2026-10-28"],
    [{ this: "quarter" }, "2026-10-01..2026-11-28", "2026-07-01..2026-08-28"],
    [{ this: "year" }, "2026-01-01..2026-11-28", "2025-01-01..2025-11-28"],
    [{ previous: "week" }, "2026-11-16..2026-11-22", "2026-11-09..2026-11-15"],
    [{ previous: "month" }, "2026-10-01..2026-10-31", "2026-09-01..2026-09-30"],
    [{ previous: "quarter" }, "2026-07-01..2026-09-30", "2026-04-01..2026-06-30"],
    [{ previous: "year" }, "2025-01-01..2025-12-31", "2024-01-01..2024-12-31"],
  ] as const)("%j are %s, and before %s", (time, now, before) => {
    const text = ({ from, to }: { from: string; to: string }) => `${from}..${to}`;
    expect([text(periodOf(time, today)), text(periodBefore(time, today))]).toEqual([now, before]);
  });

  it("before a month of 31 that has just ended are no days of that month", () => {
    const before = periodBefore({ this: "month" }, "2026-03-31");
    expect(before).toEqual({ from: "2026-02-01", to: "2026-02-28" });
  });

  it("never lie within each other, and are at most 400", () => {
    fc.assert(
      fc.property(
        anyPlan,
        fc.date({ min: new Date("2020-01-01"), max: new Date("2035-01-01"), noInvalidDate: true }),
        ({ time }, date) => {
          const day = date.toISOString().slice(0, 10);
          const now = periodOf(time, day);
          expect(periodBefore(time, day).to < now.from).toBe(true);
          expect(lengthOf(now)).toBeGreaterThan(0);
          expect(lengthOf(now)).toBeLessThanOrEqual(400);
        },
      ),
    );
  });

  it("begin and end where the zone's do, also where clocks are moved", () => {
    const moments = momentsOf("Europe/Berlin", { from: "2026-03-28", to: "2026-10-26" });
    expect(new Date(moments.since).toISOString()).toBe("2026-03-27T23:00:00.000Z");
    expect(new Date(moments.until).toISOString()).toBe("2026-10-26T23:00:00.000Z");
    expect(moments.offsets).toEqual([
      { until: Date.parse("2026-03-29T01:00:00Z"), offsetMs: 3_600_000 },
      { until: Date.parse("2026-10-25T01:00:00Z"), offsetMs: 7_200_000 },
      { until: null, offsetMs: 3_600_000 },
    ]);
    fc.assert(
      fc.property(fc.integer({ min: moments.since, max: moments.until - 1 }), (at) => {
        const span = moments.offsets.find(({ until }) => until === null || at < until);
        expect(span?.offsetMs).toBe(offsetOf("Europe/Berlin", at));
      }),
    );
  });
});

describe("A plan in a sentence", () => {
  it.each([
    [
      {
        dataset: "order_items",
        measures: ["revenue"],
        dimensions: ["product"],
        time: { between: { from: "2026-11-01", to: "2026-11-30" } },
        limit: 3,
        compare: "previous_period",
      },
      "EUR",
      "Revenue by product in EUR, 1–30 November 2026, the 3 with the most revenue, against 2–31 October 2026",
    ],
    [
      { measures: ["count", "average_order_value"], ...filter("status", "in", ["completed", "fulfilled"]) },
      "USD",
      "Orders and average order value in USD, 30 October – 28 November 2026, where status is one of completed, fulfilled",
    ],
    [
      { dataset: "stock", measures: ["available"], dimensions: ["location"] },
      null,
      "What is available by location, as it is now",
    ],
    [
      {
        dataset: "usage",
        measures: ["tokens"],
        dimensions: ["day"],
        time: { last_days: 2 },
        limit: 1,
        order_by: { by: "day" },
      },
      null,
      "Tokens by day, 27–28 November 2026, the one with the last day",
    ],
  ])("is composed of what it asks: %#", (over, currency, sentence) => {
    expect(explainPlan(planOf(over), "2026-11-28", currency)).toBe(sentence);
  });

  it("says as much of days as tells them apart", () => {
    expect(daysInWords({ from: "2026-11-28", to: "2026-11-28" })).toBe("28 November 2026");
    expect(daysInWords({ from: "2025-12-31", to: "2026-01-01" })).toBe("31 December 2025 – 1 January 2026");
  });
});

describe("The chart of a plan", () => {
  it.each([
    [{}, "number"],
    [{ dimensions: ["day"] }, "line"],
    [{ dimensions: ["status"] }, "bar"],
    [{ dimensions: ["status"], chart: "pie" }, "pie"],
    [{ dimensions: ["status"], chart: "line" }, "table"],
    [{ dimensions: ["status"], chart: "number" }, "table"],
    [{ dimensions: ["status"], measures: ["count", "items"], chart: "pie" }, "table"],
    [{ dimensions: ["month", "source"] }, "line"],
    [{ dimensions: ["month", "source"], measures: ["count", "items"] }, "table"],
    [{ dimensions: ["status", "source", "day"] }, "table"],
  ])("%j is a %s", (over, type) => {
    expect(chooseChart(planOf(over)).type).toBe(type);
  });

  it("names columns that there are, whatever the plan", () => {
    fc.assert(
      fc.property(anyPlan, (given) => {
        const { x, y, series } = chooseChart(given);
        const columns = [...given.dimensions, ...given.measures];
        for (const column of [x, series, ...y]) if (column !== null) expect(columns).toContain(column);
      }),
    );
  });
});

it("Every data set says what each of its measures and fields is", () => {
  for (const name of datasetNames) {
    const { measures, fields } = datasetOf(name);
    for (const { says } of [...Object.values(measures), ...Object.values(fields)]) expect(says).not.toBe("");
  }
});
