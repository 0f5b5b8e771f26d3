import type { Filter, Plan } from "#src/kernel/questions/plan.ts";
import {
  datasetOf,
  isTimeDimension,
  measured,
  type TimeDimension,
} from "#src/kernel/questions/vocabulary.ts";
import { dayText, type Period } from "./plan-period.ts";
import type { KnownFilter } from "./plan-statement.ts";

/** What is added up, as it comes from where no SQL reaches. */
export interface CountedRow {
  day: string;
  fields: Readonly<Record<string, string | null>>;
  values: Readonly<Record<string, number>>;
}

/** A row of an answer: what it is told by, each measure, and each as it was before. */
export interface ToldRow {
  keys: (string | number | null)[];
  now: (number | null)[];
  before: (number | null)[];
}

const dayMs = 86_400_000;

/** What a day is in: the day itself, the Monday of its week, its month. */
export function timeOfDay(day: string, dimension: TimeDimension): string {
  if (dimension === "day") return day;
  if (dimension === "month") return day.split("-", 2).join("-");
  const date = new Date(day);
  return dayText(date.getTime() - ((date.getUTCDay() + 6) % 7) * dayMs);
}

const same = (one: string, other: Filter["value"]): boolean =>
  one.toLowerCase() === String(other).toLowerCase();

function isLeft({ field, op, value, ids }: KnownFilter, { fields }: CountedRow): boolean {
  const told = fields[field] ?? null;
  if (told === null) return op === "ne";
  if (ids) return ids.includes(told) === (op !== "ne");
  if (op === "contains") return told.toLowerCase().includes(String(value).toLowerCase());
  return [value].flat().some((one) => same(told, one)) === (op !== "ne");
}

const compared = (one: string | number | null, other: string | number | null): number => {
  if (one === other) return 0;
  if (one === null) return -1;
  if (other === null) return 1;
  return one < other ? -1 : 1;
};

/** Does with rows in memory what a plan's statement does with those of a database. */
export function foldRows(
  plan: Pick<Plan, "dataset" | "measures" | "dimensions" | "order_by">,
  filters: readonly KnownFilter[],
  { now, before }: { now: Period; before: Period | undefined },
  rows: readonly CountedRow[],
): ToldRow[] {
  const { measures, dimensions } = plan;
  const known = datasetOf(plan.dataset).measures;
  const formulas = measures.flatMap((name) => known[name]?.formula ?? []);
  const within = ({ from, to }: Period) => rows.filter(({ day }) => day >= from && day <= to);
  const keysOf = ({ day, fields }: CountedRow) =>
    dimensions.map((name) => (isTimeDimension(name) ? timeOfDay(day, name) : (fields[name] ?? null)));
  const groupsOf = (counted: readonly CountedRow[]) =>
    Map.groupBy(
      counted.filter((row) => filters.every((filter) => isLeft(filter, row))),
      (row) => JSON.stringify(keysOf(row)),
    );
  const figures = (group: readonly CountedRow[]) =>
    formulas.map((formula) =>
      measured(formula, (value) => group.reduce((sum, { values }) => sum + (values[value] ?? 0), 0)),
    );
  const groups = groupsOf(within(now));
  const earlier = before ? groupsOf(within(before)) : new Map<string, CountedRow[]>();
  const all = new Set([...groups.keys(), ...earlier.keys(), ...(dimensions.length === 0 ? ["[]"] : [])]);
  const told = [...all].map((key): ToldRow => {
    const [first] = groups.get(key) ?? earlier.get(key) ?? [];
    return {
      keys: first ? keysOf(first) : [],
      now: figures(groups.get(key) ?? []),
      before: before ? figures(earlier.get(key) ?? []) : [],
    };
  });
  return told.toSorted(orderOf(plan));
}

function orderOf({ order_by, measures, dimensions }: Pick<Plan, "measures" | "dimensions" | "order_by">) {
  const time = dimensions.findIndex(isTimeDimension);
  const measure = order_by ? measures.indexOf(order_by.by) : time === -1 ? 0 : -1;
  const dimension = order_by ? dimensions.indexOf(order_by.by) : time;
  const sign = order_by ? (order_by.direction === "asc" ? 1 : -1) : time === -1 ? -1 : 1;
  const leading = (row: ToldRow) => (measure === -1 ? row.keys[dimension] : row.now[measure]) ?? null;
  return (one: ToldRow, other: ToldRow): number =>
    sign * compared(leading(one), leading(other)) ||
    (one.keys.map((key, at) => compared(key, other.keys[at] ?? null)).find((order) => order !== 0) ?? 0);
}
