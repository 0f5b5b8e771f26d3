import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { Counter, Gauge, Histogram, Registry } from "prom-client";
import { describe, expect, it } from "vitest";
import { metricNames, metricOf } from "#src/observability/metrics/catalogue.ts";
import { GatheredMetrics } from "#src/observability/metrics/metrics.ts";
import { prometheusText } from "#src/observability/metrics/prometheus-text.ts";
import type { Sample } from "#src/observability/metrics/sample.ts";

const promtool = (parameters: string[], input = "") => {
  const { status, stdout, stderr } = spawnSync("promtool", parameters, { encoding: "utf8", input });
  return { status, said: `${stdout}${stderr}` };
};
/** Debian's package `prometheus`. */
const hasPromtool = spawnSync("promtool", ["--version"]).status === 0;

/** What has happened to each metric, by prom-client as well as by ours. */
function both(happenings: readonly { name: (typeof metricNames)[number]; label: string; value: number }[]) {
  const registry = new Registry();
  const gathered = new GatheredMetrics();
  const gauges = new Map<string, Sample>();
  const theirs = new Map<string, Counter | Gauge | Histogram>();
  for (const name of metricNames) {
    const { labels, help, ...row } = metricOf(name);
    const described = { name, help, labelNames: [...labels], registers: [registry] };
    if (row.type === "counter") theirs.set(name, new Counter(described));
    else if (row.type === "gauge") theirs.set(name, new Gauge(described));
    else theirs.set(name, new Histogram({ ...described, buckets: [...row.buckets] }));
  }
  for (const { name, label, value } of happenings) {
    const labels: Record<string, string> = Object.fromEntries(
      metricOf(name).labels.map((each) => [each, label]),
    );
    const metric = theirs.get(name);
    if (metric instanceof Counter) {
      metric.inc(labels, value);
      Reflect.apply(gathered.count, gathered, [name, labels, value]);
    } else if (metric instanceof Gauge) {
      metric.set(labels, value);
      gauges.set(`${name} ${label}`, { metric: name, labels: Object.values(labels), value });
    } else if (metric) {
      metric.observe(labels, value);
      Reflect.apply(gathered.observe, gathered, [name, labels, value]);
    }
  }
  return { registry, samples: [...gathered.empty().things, ...gauges.values()] };
}

/** Lines whose labels are in order, since that says nothing. */
const lines = (text: string): string[] =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) =>
      line.replace(/^(\w+)\{(.*)\} /, (_, name: string, labels: string) => {
        const sorted = (labels.match(/\w+="(?:[^"\\]|\\.)*"/g) ?? []).sort();
        return `${name}{${sorted.join(",")}} `;
      }),
    )
    .sort();

const happenings = fc.array(
  fc.record({
    name: fc.constantFrom(...metricNames),
    label: fc.constantFrom("plain", 'with "quotes"', "a\\b", "two\nlines", "Grüße", ""),
    value: fc.double({ min: 0.001, max: 5000, noNaN: true }),
  }),
);

describe("The text of our metrics", () => {
  it("says what prom-client says, whatever has happened", async () => {
    await fc.assert(
      fc.asyncProperty(happenings, async (happened) => {
        const { registry, samples } = both(happened);
        expect(lines(prometheusText(samples))).toEqual(lines(await registry.metrics()));
      }),
      { numRuns: 50 },
    );
  });

  it.skipIf(!hasPromtool)("is taken by promtool without a word, empty and full", () => {
    const everything = metricNames.map((name) => ({ name, label: "plain", value: 1.5 }));
    for (const happened of [[], everything])
      expect(promtool(["check", "metrics"], prometheusText(both(happened).samples))).toEqual({
        status: 0,
        said: "",
      });
  });
});

/** What expressions name: metrics without what a histogram adds, and labels. */
const named = (text: string): string[] =>
  [...text.matchAll(/ai_persona_\w+/g)].map(([name]) =>
    metricNames.some((known) => known === name) ? name : name.replace(/_(bucket|sum|count)$/, ""),
  );
const labelsIn = (text: string): string[] =>
  [...text.matchAll(/(?:by|on) \(([\w, ]+)\)|(\w+)\s*(?:=~|!~|!=|=)\s*\\?"/g)].flatMap(
    ([, list, matched]) => list?.split(", ") ?? matched ?? [],
  );

describe.each(["docs/alerts.yml", "docs/grafana-dashboard.json"])("%s", (path) => {
  const text = readFileSync(path, "utf8");

  it("names metrics and labels that there are", () => {
    const labels = new Set<string>([...metricNames.flatMap((name) => metricOf(name).labels), "le", "job"]);
    expect(named(text).filter((name) => !metricNames.some((known) => known === name))).toEqual([]);
    expect(labelsIn(text).filter((label) => !labels.has(label))).toEqual([]);
    expect(labelsIn(text)).toContain("queue");
  });
});

it("The dashboard shows every metric", () => {
  const shown = new Set(named(readFileSync("docs/grafana-dashboard.json", "utf8")));
  expect(metricNames.filter((name) => !shown.has(name))).toEqual([]);
});

it.skipIf(!hasPromtool)("promtool takes the alert rules", () => {
  const { status, said } = promtool(["check", "rules", "docs/alerts.yml"]);
  expect(status, said).toBe(0);
});
