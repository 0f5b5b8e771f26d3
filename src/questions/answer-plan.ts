import { type Account, missingPermission } from "#src/kernel/actor.ts";
import { type Plan, planLimits } from "#src/kernel/questions/plan.ts";
import { datasetOf } from "#src/kernel/questions/vocabulary.ts";
import { withTimeout } from "#src/kernel/with-timeout.ts";
import type { Platform } from "#src/platform.ts";
import { answerColumns } from "./answer-columns.ts";
import { chooseChart } from "./choose-chart.ts";
import { explainPlan } from "./explain-plan.ts";
import type { ToldRow } from "./fold-rows.ts";
import { namedRows } from "./named-rows.ts";
import { planContext } from "./plan-context.ts";
import type { KnownFilter } from "./plan-statement.ts";
import { readRows } from "./read-rows.ts";
import { resolveNames } from "./resolve-names.ts";
import type { AnalyticsAnswer } from "./schemas.ts";

/** How long reading may take. */
const patienceMs = 5000;

/** @throws AppError `INSUFFICIENT_PERMISSIONS` for who may not learn what the plan tells by, or narrows by */
function requireRights(contacts: boolean, { dataset, dimensions, filters }: Plan): void {
  const { fields } = datasetOf(dataset);
  const told = [...dimensions, ...filters.map(({ field }) => field)];
  const isPersonal = told.some((name) => fields[name]?.personal);
  if (isPersonal && !contacts) throw missingPermission("customers.contact");
}

/** Rows that are read in time; undefined where that takes too long, and what it would have come to is of no use. */
async function inTime<T>(reading: Promise<T>): Promise<T | undefined> {
  const settled = await withTimeout(Promise.allSettled([reading]), patienceMs).catch(() => undefined);
  const [result] = settled ?? [];
  if (result?.status === "rejected") throw result.reason;
  return result?.value;
}

/** The filters as rows are narrowed by them: amounts are of one currency, which of customers only what they are worth is. */
function inCurrency(plan: Plan, filters: readonly KnownFilter[], currency: string | null): KnownFilter[] {
  const { hasCurrency, fields } = datasetOf(plan.dataset);
  if (!hasCurrency) return [...filters];
  if (fields.currency?.type === "currency") return filters.filter(({ field }) => field !== "currency");
  return currency === null ? [...filters] : [...filters, { field: "currency", op: "eq", value: currency }];
}

/** A row by the names of its columns. */
function cellsOf({ dimensions, measures }: Plan, { keys, now, before }: ToldRow) {
  const cells = (names: readonly string[], values: ToldRow["keys"], prefix = "") =>
    names.slice(0, values.length).map((name, at) => [`${prefix}${name}`, values[at] ?? null] as const);
  return Object.fromEntries([
    ...cells(dimensions, keys),
    ...cells(measures, now),
    ...cells(measures, before, "previous_"),
  ]);
}

/** What carrying out a plan gives; how the plan was come by is for whoever asks to add. */
export type PlanAnswer = Omit<AnalyticsAnswer, "question" | "cost" | "run_id">;

/**
 * Carries out a plan: of the actor's tenant alone, within what they may see, and within bounds, whatever it asks.
 * @param contacts whether what is personal may be told
 * @throws AppError `INSUFFICIENT_PERMISSIONS` naming what is missing
 */
export async function answerPlan(
  platform: Platform,
  actor: Account,
  plan: Plan,
  contacts: boolean,
): Promise<PlanAnswer> {
  requireRights(contacts, plan);
  const context = await planContext(platform, actor, plan);
  const { filters, matches } = await resolveNames(platform, context.asker, plan);
  const { now, before, today } = context;
  const { currency } = context.asker;
  const most = plan.limit ?? planLimits.rows;
  const narrowed = inCurrency(plan, filters, currency);
  const found = await inTime(readRows(platform, plan, narrowed, context, most + 1));
  const rows = await namedRows(platform, actor.clientId, plan, found?.filter((_, at) => at < most) ?? []);
  return {
    plan,
    explanation: explainPlan(plan, today, currency),
    period: datasetOf(plan.dataset).isOfTime ? now : null,
    previous_period: before ?? null,
    currency,
    columns: answerColumns(plan, currency),
    rows: rows.map((row) => cellsOf(plan, row)),
    chart: chooseChart(plan),
    matches,
    // What was asked for no more of is all that was wanted.
    truncated: found === undefined || (plan.limit === undefined && found.length > most),
  };
}
