import { type SQL, sql } from "drizzle-orm";
import type { Filter, Plan } from "#src/kernel/questions/plan.ts";
import {
  datasetOf,
  type Formula,
  isTimeDimension,
  type TimeDimension,
} from "#src/kernel/questions/vocabulary.ts";
import type { Period } from "./plan-period.ts";
import { type Asker, type Source, sourcesOf } from "./source-statements.ts";

/** A filter whose names have become the ids of what they are names of. */
export type KnownFilter = Filter & { ids?: readonly string[] };

/** A plan that can be carried out: of a data set that lies in a database, with everything it names known. */
export interface KnownPlan extends Omit<Plan, "filters" | "dataset"> {
  dataset: keyof typeof sourcesOf;
  filters: readonly KnownFilter[];
}

interface Periods {
  now: Period;
  /** What it is compared with. */
  before: Period | undefined;
}

/** The statement of a plan, and where it is asked. Its columns are `d0`, `d1`, … and `m0`, `m1`, …, with `b0` for before. */
export interface PlanStatement {
  database: Source["database"];
  query: SQL;
}

const valuesOf = (formula: Formula): readonly string[] =>
  "sum" in formula ? [formula.sum] : "share" in formula ? formula.share : formula.mean;

const named = (name: string): SQL => sql.raw(name);

/** The rows that a plan is answered by: what was counted already where that is enough. */
function sourceFor({ dataset, measures, dimensions, filters }: KnownPlan): Source {
  const sources: readonly Source[] = sourcesOf[dataset];
  const known = datasetOf(dataset).measures;
  const values = measures.flatMap((name) => (known[name] ? valuesOf(known[name].formula) : []));
  const fields = [
    ...dimensions.filter((name) => !isTimeDimension(name)),
    ...filters.map(({ field }) => field),
  ];
  const has = (of: object, name: string) => Object.hasOwn(of, name);
  const source = sources.find(
    (one) => values.every((name) => has(one.values, name)) && fields.every((name) => has(one.fields, name)),
  );
  if (!source)
    throw new Error(`Nothing answers plans about ${dataset} by ${[...values, ...fields].join(", ")}`);
  return source;
}

function timeOf(day: SQL, dimension: TimeDimension): SQL {
  switch (dimension) {
    case "day":
      return day;
    case "week":
      return sql`date(${day}, '-' || ((strftime('%w', ${day}) + 6) % 7) || ' days')`;
    case "month":
      return sql`substr(${day}, 1, 7)`;
  }
}

const orders = {
  lt: sql.raw("<"),
  lte: sql.raw("<="),
  gt: sql.raw(">"),
  gte: sql.raw(">="),
  eq: sql.raw("="),
  ne: sql.raw("<>"),
};

/** What is true of the rows that a filter leaves. Values are parameters, a list is one of them. */
function conditionOf({ op, value, ids }: KnownFilter, field: SQL): SQL {
  const listed = (values: readonly unknown[]) =>
    sql`(SELECT value FROM json_each(${JSON.stringify(values)}))`;
  if (ids)
    return op === "ne"
      ? sql`(${field} IS NULL OR ${field} NOT IN ${listed(ids)})`
      : sql`${field} IN ${listed(ids)}`;
  if (Array.isArray(value)) return sql`${field} COLLATE NOCASE IN ${listed(value)}`;
  if (op === "contains") return sql`instr(lower(${field}), lower(${value})) > 0`;
  if (op === "in") return sql`${field} = ${value}`;
  if (typeof value === "number") return sql`${field} ${orders[op]} ${value}`;
  return op === "ne"
    ? sql`(${field} IS NULL OR ${field} <> ${value} COLLATE NOCASE)`
    : sql`${field} ${orders[op]} ${value} COLLATE NOCASE`;
}

/** What a measure comes to, of the sums of its group. */
function measureOf(formula: Formula, sumOf: (value: string) => SQL): SQL {
  if ("sum" in formula) return sumOf(formula.sum);
  const [over, under] = "share" in formula ? formula.share : formula.mean;
  const ratio = sql`${sumOf(over)} * 1.0 / ${sumOf(under)}`;
  const told = "share" in formula ? ratio : sql`CAST(round(${ratio}) AS INTEGER)`;
  return sql`CASE WHEN ${sumOf(under)} <> 0 THEN ${told} END`;
}

const sumIn =
  (isCounted: SQL | undefined) =>
  (value: string): SQL =>
    isCounted
      ? sql`coalesce(sum(CASE WHEN ${isCounted} THEN ${named(`v_${value}`)} END), 0)`
      : sql`coalesce(sum(${named(`v_${value}`)}), 0)`;

/**
 * Compiles a plan: one statement, whatever is asked, of the asker's tenant alone. Names of measures and fields are those
 * of the tables of sources; nothing that a plan says becomes SQL.
 * @param rows how many are read at most
 */
export function planStatement(
  plan: KnownPlan,
  asker: Asker,
  { now, before }: Periods,
  rows: number,
): PlanStatement {
  const source = sourceFor(plan);
  const { dataset, measures, dimensions, filters } = plan;
  const known = datasetOf(dataset).measures;
  const formulas = measures.flatMap((name) => known[name]?.formula ?? []);
  const day = source.day?.(asker) ?? sql`NULL`;
  const fieldOf = (name: string): SQL =>
    isTimeDimension(name) ? timeOf(day, name) : (source.fields[name] ?? sql`NULL`);
  const values = [...new Set(formulas.flatMap(valuesOf))];
  const columns = [
    ...dimensions.map((name, at) => sql`${fieldOf(name)} AS ${named(`d${at}`)}`),
    ...values.map((name) => sql`${source.values[name] ?? sql`NULL`} AS ${named(`v_${name}`)}`),
    ...(before ? [sql`(${day} >= ${now.from}) AS is_now`] : []),
  ];
  const conditions = [
    source.where(asker),
    ...(before ? [sql`(${day} >= ${now.from} OR ${day} <= ${before.to})`] : []),
    ...filters.map((filter) => conditionOf(filter, fieldOf(filter.field))),
  ];
  const told = [
    ...dimensions.map((_, at) => named(`d${at}`)),
    ...formulas.map(
      (formula, at) => sql`${measureOf(formula, sumIn(before && sql`is_now`))} AS ${named(`m${at}`)}`,
    ),
    ...(before
      ? formulas.map(
          (formula, at) => sql`${measureOf(formula, sumIn(sql`NOT is_now`))} AS ${named(`b${at}`)}`,
        )
      : []),
  ];
  const comma = sql`, `;
  const keys = dimensions.map((_, at) => named(`d${at}`));
  const grouped = keys.length === 0 ? sql`` : sql` GROUP BY ${sql.join(keys, comma)}`;
  const order = keys.length === 0 ? sql`` : sql` ORDER BY ${sql.join([...ordersOf(plan), ...keys], comma)}`;
  return {
    database: source.database,
    query: sql`WITH told AS (SELECT ${sql.join(columns, comma)} FROM ${source.from(asker)}
      WHERE ${sql.join(conditions, sql` AND `)})
      SELECT ${sql.join(told, comma)} FROM told${grouped}${order} LIMIT ${rows}`,
  };
}

/** What comes first: as the plan says, else times in their order, else the most of the first measure. */
function ordersOf({
  order_by,
  measures,
  dimensions,
}: Pick<KnownPlan, "order_by" | "measures" | "dimensions">): SQL[] {
  const time = dimensions.findIndex(isTimeDimension);
  if (!order_by) return [named(time === -1 ? "m0 DESC" : `d${time}`)];
  const measure = measures.indexOf(order_by.by);
  const column = measure === -1 ? `d${dimensions.indexOf(order_by.by)}` : `m${measure}`;
  return [named(`${column} ${order_by.direction === "asc" ? "ASC" : "DESC"}`)];
}
