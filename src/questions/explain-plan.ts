import type { Filter, Plan } from "#src/kernel/questions/plan.ts";
import { datasetOf, isTimeDimension } from "#src/kernel/questions/vocabulary.ts";
import { type Period, periodBefore, periodOf } from "./plan-period.ts";

const months = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

const partsOf = (day: string): [year: number, month: string, date: number] => {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return [year, months[month - 1] ?? "", date];
};

/** `1–30 November 2026`; no more than tells the days apart. */
export function daysInWords({ from, to }: Period): string {
  const [year, month, date] = partsOf(from);
  const [lastYear, lastMonth, lastDate] = partsOf(to);
  const end = `${lastDate} ${lastMonth} ${lastYear}`;
  if (from === to) return end;
  if (year !== lastYear) return `${date} ${month} ${year} – ${end}`;
  return month === lastMonth ? `${date}–${end}` : `${date} ${month} – ${end}`;
}

const listed = (parts: readonly string[]): string =>
  parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;

const comparisons: Record<Filter["op"], string> = {
  eq: "is",
  ne: "is not",
  in: "is one of",
  lt: "is less than",
  lte: "is at most",
  gt: "is more than",
  gte: "is at least",
  contains: "contains",
};

/** How a plan's measures and dimensions are called in words. */
export function saysOf(plan: Plan, name: string): string {
  const { measures, fields } = datasetOf(plan.dataset);
  return measures[name]?.says ?? fields[name]?.says ?? name;
}

const filterInWords = (plan: Plan, { field, op, value }: Filter): string =>
  `${datasetOf(plan.dataset).fields[field]?.says ?? field} ${comparisons[op]} ${[value].flat().map(String).join(", ")}`;

const capital = (text: string): string => text.replace(/^./u, (first) => first.toUpperCase());

function orderInWords(plan: Plan): string[] {
  const { order_by, limit, measures } = plan;
  if (limit === undefined) return [];
  const by = order_by?.by ?? measures[0] ?? "";
  const isTime = isTimeDimension(by);
  const most = order_by?.direction === "asc" ? (isTime ? "first" : "least") : isTime ? "last" : "most";
  return [
    limit === 1
      ? `the one with the ${most} ${saysOf(plan, by)}`
      : `the ${limit} with the ${most} ${saysOf(plan, by)}`,
  ];
}

/**
 * A plan in a sentence, composed of what will be done and of nothing that a model has said.
 * @param today the day it is where the tenant is
 * @param currency in which amounts are, where there are any
 */
export function explainPlan(plan: Plan, today: string, currency: string | null): string {
  const { dataset: name, measures, dimensions, filters, time, compare } = plan;
  const { isOfTime } = datasetOf(name);
  const told = dimensions.length === 0 ? "" : ` by ${listed(dimensions.map((one) => saysOf(plan, one)))}`;
  const where = filters.map((filter) => filterInWords(plan, filter));
  return [
    `${capital(listed(measures.map((one) => saysOf(plan, one))))}${told}${currency === null ? "" : ` in ${currency}`}`,
    isOfTime ? daysInWords(periodOf(time, today)) : "as it is now",
    ...(where.length > 0 ? [`where ${listed(where)}`] : []),
    ...orderInWords(plan),
    ...(compare ? [`against ${daysInWords(periodBefore(time, today))}`] : []),
  ].join(", ");
}
