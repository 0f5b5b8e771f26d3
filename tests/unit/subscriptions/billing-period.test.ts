import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { billingPeriod } from "#src/subscriptions/billing-period.ts";

const at = (text: string) => Date.parse(`${text}Z`);
const period = (start: string, now: string, interval?: "month" | "year") => {
  const { start: from, end } = billingPeriod(at(start), at(now), interval);
  return [from, end].map((time) => new Date(time).toISOString().slice(0, 16));
};

describe("A billing period", () => {
  it.each([
    ["2026-01-15T10:00", "2026-01-15T10:00", "2026-01-15T10:00", "2026-02-15T10:00"],
    ["2026-01-15T10:00", "2026-02-15T09:59", "2026-01-15T10:00", "2026-02-15T10:00"],
    ["2026-01-31T10:00", "2026-02-28T10:00", "2026-02-28T10:00", "2026-03-31T10:00"],
    ["2026-01-31T10:00", "2027-01-05T00:00", "2026-12-31T10:00", "2027-01-31T10:00"],
  ])("of a month, begun %s, is at %s from %s to %s", (start, now, from, end) => {
    expect(period(start, now)).toEqual([from, end]);
  });

  it.each([
    ["2024-02-29T00:00", "2025-02-28T00:00", "2025-02-28T00:00", "2026-02-28T00:00"],
    ["2024-03-31T10:00", "2025-03-15T00:00", "2024-03-31T10:00", "2025-03-31T10:00"],
  ])("of a year, begun %s, is at %s from %s to %s", (start, now, from, end) => {
    expect(period(start, now, "year")).toEqual([from, end]);
  });

  it("holds every time after the beginning, and the next one begins where it ends", () => {
    const time = fc.integer({ min: 0, max: Date.UTC(2100, 0) });
    const interval = fc.constantFrom("month" as const, "year" as const);
    fc.assert(
      fc.property(time, time, interval, (one, other, by) => {
        const [start, now] = [Math.min(one, other), Math.max(one, other)];
        const found = billingPeriod(start, now, by);
        expect(found.start).toBeLessThanOrEqual(now);
        expect(found.end).toBeGreaterThan(now);
        expect(billingPeriod(start, found.end, by).start).toBe(found.end);
      }),
    );
  });
});
