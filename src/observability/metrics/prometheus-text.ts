import { type MetricName, metricNames, metricOf } from "./catalogue.ts";
import type { Sample } from "./sample.ts";

/** What the text is, for whoever scrapes it: https://prometheus.io/docs/instrumenting/exposition_formats/ */
export const prometheusType = "text/plain; version=0.0.4; charset=utf-8";

const escaped = (text: string): string => text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
const quoted = (text: string): string => `"${escaped(text).replaceAll('"', '\\"')}"`;

const labelled = (labels: readonly (readonly [name: string, value: string])[]): string =>
  labels.length === 0 ? "" : `{${labels.map(([name, value]) => `${name}=${quoted(value)}`).join(",")}}`;

/** The lines of one series. */
function linesOf(name: MetricName, { labels, value, buckets = [] }: Sample): string[] {
  const row = metricOf(name);
  const own = row.labels.map((label, at) => [label, labels[at] ?? ""] as const);
  if (row.type !== "histogram") return [`${name}${labelled(own)} ${value}`];
  let total = 0;
  const bounds = [...row.buckets.map(String), "+Inf"].map((bound, at) => {
    total += buckets[at] ?? 0;
    return `${name}_bucket${labelled([...own, ["le", bound]])} ${total}`;
  });
  return [...bounds, `${name}_sum${labelled(own)} ${value}`, `${name}_count${labelled(own)} ${total}`];
}

/** Metrics in the text format of Prometheus, all of the catalogue in its order; one without labels begins with 0. */
export function prometheusText(samples: readonly Sample[]): string {
  const byMetric = Map.groupBy(samples, ({ metric }) => metric);
  const lines = metricNames.flatMap((name) => {
    const { help, type, labels } = metricOf(name);
    const zero: Sample[] = labels.length === 0 ? [{ metric: name, labels: [], value: 0 }] : [];
    const series = byMetric.get(name) ?? zero;
    return [
      `# HELP ${name} ${escaped(help)}`,
      `# TYPE ${name} ${type}`,
      ...series.flatMap((one) => linesOf(name, one)),
    ];
  });
  return `${lines.join("\n")}\n`;
}
