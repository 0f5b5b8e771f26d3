import { metricNames, metricOf } from "#src/observability/metrics/catalogue.ts";

/** The table of docs/operations.md: every metric, its type, its labels, what it says. */
export function metricsTable(): string {
  const rows = metricNames.map((name) => {
    const { type, labels, help } = metricOf(name);
    return `| \`${name}\` | ${type} | ${labels.map((label) => `\`${label}\``).join(", ") || "–"} | ${help} |`;
  });
  return ["| metric | type | labels | what it says |", "|---|---|---|---|", ...rows].join("\n");
}
