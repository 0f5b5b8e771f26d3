import fc from "fast-check";
import { expect, it } from "vitest";
import { usageSeries } from "#src/analytics/usage-series.ts";
import { seriesKinds, type UsageSpan, usageSpan } from "#src/analytics/usage-span.ts";
import { noFigures, plusFigures, type UsageFigures } from "#src/engine/usage-figures.ts";
import { firstDay, lastDay, recount, usageHistory } from "../../support/usage-histories.ts";

const dayMs = 86_400_000;
const spanBy = (by: UsageSpan["by"]) =>
  usageSpan({ by, since: firstDay * dayMs, until: lastDay * dayMs }, lastDay * dayMs);

const sumOf = (list: readonly UsageFigures[]) => list.reduce(plusFigures, noFigures);

it("Points, totals of series and the whole total are the same recount, by whatever it is told", () => {
  fc.assert(
    fc.property(usageHistory, fc.constantFrom(...seriesKinds), ({ runs }, by) => {
      const span = spanBy(by);
      const days = recount(runs, span.dimension, ({ instance_id }) => instance_id);
      const { total, series } = usageSeries(span, days);
      const counted = days.flatMap(({ names }) => Object.values(names));
      expect(total).toEqual(sumOf(counted));
      expect(sumOf(series.map((one) => one.total))).toEqual(total);
      for (const { total: ofOne, points } of series) {
        expect(points).toHaveLength((lastDay - firstDay) * (by === "hour" ? 24 : 1));
        expect(sumOf(points.map(({ at, ...figures }) => figures))).toEqual(ofOne);
      }
    }),
  );
});

it("The ten names with most are shown, the others together and last", () => {
  const names = Object.fromEntries(
    Array.from({ length: 14 }, (_, index) => [`step ${index}`, { ...noFigures, count: index + 1 }]),
  );
  const { series } = usageSeries(spanBy("step"), [{ day: firstDay, names }]);
  expect(series.map(({ name, total }) => [name, total.count])).toEqual([
    ...Array.from({ length: 10 }, (_, index) => [`step ${13 - index}`, 14 - index]),
    [null, 1 + 2 + 3 + 4],
  ]);
});

it("A point begins with its hour", () => {
  const days = [{ day: firstDay, names: { 13: { ...noFigures, count: 2 } } }];
  const [series] = usageSeries(spanBy("hour"), days).series;
  expect(series?.points.filter(({ count }) => count > 0)).toEqual([
    { ...noFigures, count: 2, at: new Date(firstDay * dayMs + 13 * 3_600_000).toISOString() },
  ]);
});

it("Without a period it is the last thirty days, by the hour the last two", () => {
  const now = 1000 * dayMs + 5;
  expect(usageSpan({ by: "model" }, now)).toMatchObject({ since: 971, until: 1001, interval: "day" });
  expect(usageSpan({ by: "hour" }, now)).toMatchObject({ since: 999, until: 1001, interval: "hour" });
});

it.each([
  ["that ends before it begins", { by: "day", since: 10 * dayMs, until: 10 * dayMs }],
  ["of more than 92 days", { by: "step", since: 0, until: 93 * dayMs }],
  ["of more than 14 days by the hour", { by: "hour", since: 0, until: 15 * dayMs }],
] as const)("A period %s is refused", (_, query) => {
  expect(() => usageSpan(query, 0)).toThrow(expect.objectContaining({ code: "VALIDATION_ERROR" }));
});
