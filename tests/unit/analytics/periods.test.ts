import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Granularity,
  granularities,
  monthStart,
  periodOf,
  periodsWithin,
  weekOf,
} from "#src/analytics/periods.ts";
import { dayMs, dayOf, isoTime } from "#src/kernel/clock.ts";
import { isTimeZone, offsetOf } from "#src/kernel/time-zone.ts";

const at = (text: string): number => Date.parse(text);

describe("A time is in", () => {
  it.each<[Granularity, string, string]>([
    ["hour", "2026-11-28T10:59:59.999Z", "2026-11-28T10:00:00.000Z"],
    ["day", "2026-11-28T23:59:59.999Z", "2026-11-28T00:00:00.000Z"],
    ["week", "2026-11-29T23:59:59.999Z", "2026-11-23T00:00:00.000Z"],
    ["week", "2026-11-30T00:00:00.000Z", "2026-11-30T00:00:00.000Z"],
    ["month", "2024-02-29T12:00:00.000Z", "2024-02-01T00:00:00.000Z"],
  ])("the %s of %s that begins at %s", (granularity, time, start) => {
    expect(isoTime(periodOf(granularity, at(time)))).toBe(start);
  });

  it.each<[string, string, string]>([
    ["Europe/Berlin", "2026-03-29T00:59:00Z", "2026-03-29T01:00:00.000Z"],
    ["Europe/Berlin", "2026-03-29T01:01:00Z", "2026-03-29T03:00:00.000Z"],
    ["America/New_York", "2026-11-28T03:00:00Z", "2026-11-27T22:00:00.000Z"],
    ["Asia/Kolkata", "2026-11-28T18:30:00Z", "2026-11-29T00:00:00.000Z"],
  ])("in %s, %s, the hour %s of there", (zone, time, hour) => {
    expect(isoTime(periodOf("hour", at(time), zone))).toBe(hour);
  });
});

it("Time zones are those that there are", () => {
  expect(["UTC", "Europe/Berlin", "Middle/Nowhere", ""].map(isTimeZone)).toEqual([true, true, false, false]);
  expect(offsetOf("Asia/Kolkata", at("2026-11-28T00:00:00Z"))).toBe(19_800_000);
});

const day = fc.integer({ min: 0, max: 40_000 });

it("Every day is in one week and one month, which begin on a Monday and on the first", () => {
  fc.assert(
    fc.property(day, (it) => {
      const week = new Date(weekOf(it) * dayMs);
      expect(week.getUTCDay()).toBe(1);
      expect(it - weekOf(it)).toBeGreaterThanOrEqual(0);
      expect(it - weekOf(it)).toBeLessThan(7);
      const month = new Date(monthStart(it) * dayMs);
      expect(month.getUTCDate()).toBe(1);
      expect(month.getUTCMonth()).toBe(new Date(it * dayMs).getUTCMonth());
    }),
  );
});

it("Periods within days are in order, touch each other and hold all of their hours", () => {
  fc.assert(
    fc.property(
      day,
      fc.integer({ min: 1, max: 60 }),
      fc.constantFrom(...granularities),
      (since, days, by) => {
        const periods = periodsWithin(by, since, since + days);
        for (let hour = since * 24; hour < (since + days) * 24; hour += 7)
          expect(periods).toContain(periodOf(by, hour * 3_600_000));
        expect(periods).toEqual([...new Set(periods)].toSorted((a, b) => a - b));
        expect(dayOf(periods[0] ?? 0)).toBeLessThanOrEqual(since);
      },
    ),
    { numRuns: 50 },
  );
});

it("Days add up to weeks and to months", () => {
  const counts = fc.array(fc.nat({ max: 100 }), { minLength: 1, maxLength: 120 });
  fc.assert(
    fc.property(day, counts, fc.constantFrom("week", "month"), (since, perDay, by) => {
      const sums = new Map(periodsWithin(by, since, since + perDay.length).map((start) => [start, 0]));
      for (const [index, count] of perDay.entries()) {
        const start = periodOf(by, (since + index) * dayMs);
        sums.set(start, (sums.get(start) ?? Number.NaN) + count);
      }
      const total = (all: Iterable<number>) => [...all].reduce((sum, count) => sum + count, 0);
      expect(total(sums.values())).toBe(total(perDay));
    }),
  );
});
