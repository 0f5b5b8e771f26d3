import { currenciesOf, dayIn, shopSettings } from "#src/commerce/index.ts";
import { type Account, hasRole } from "#src/kernel/actor.ts";
import type { Plan } from "#src/kernel/questions/plan.ts";
import { datasetOf } from "#src/kernel/questions/vocabulary.ts";
import { isTimeZone } from "#src/kernel/time-zone.ts";
import type { Platform } from "#src/platform.ts";
import { dayText, type Period, periodBefore, periodOf } from "./plan-period.ts";
import type { Asker } from "./source-statements.ts";
import { momentsOf } from "./zone-offsets.ts";

/** What a plan means today, for who asks. */
export interface PlanContext {
  today: string;
  now: Period;
  /** What it is compared with; none unless it is to be. */
  before: Period | undefined;
  asker: Asker;
}

/** Whether a plan tells amounts. */
const tellsMoney = ({ dataset, measures }: Plan): boolean => {
  const known = datasetOf(dataset).measures;
  return measures.some((name) => known[name]?.unit === "money");
};

/** The one currency that a plan names, where it names one. */
function currencyIn({ filters }: Plan): string | undefined {
  const said = filters.find(({ field, op }) => field === "currency" && (op === "eq" || op === "in"));
  const [currency, ...others] = said ? [said.value].flat() : [];
  return others.length === 0 && typeof currency === "string" ? currency.toUpperCase() : undefined;
}

/**
 * The days that a plan is about where the tenant is, whose rows it reaches, and in which currency it tells amounts: the one
 * that it names, or the commonest of these days; none where it is told by currency.
 */
export async function planContext(
  platform: Pick<Platform, "db" | "commerce" | "clock">,
  actor: Account,
  plan: Plan,
): Promise<PlanContext> {
  const { clock, commerce } = platform;
  const { clientId, userId } = actor;
  const settings = await shopSettings(platform, clientId);
  const timeZone = isTimeZone(settings.timeZone) ? settings.timeZone : "UTC";
  // What executions have used is counted by days of UTC.
  const today = plan.dataset === "usage" ? dayText(clock.now()) : dayIn(timeZone, clock.now());
  const now = periodOf(plan.time, today);
  const before = plan.compare ? periodBefore(plan.time, today) : undefined;
  const days = { from: before?.from ?? now.from, to: now.to };
  const isTold = plan.dimensions.includes("currency") || !tellsMoney(plan);
  const currency = isTold
    ? null
    : (currencyIn(plan) ?? (await currenciesOf(commerce.db, clientId, days))[0]?.currency ?? null);
  const asker = {
    clientId,
    userId: hasRole(actor, "admin") ? null : userId,
    currency,
    days,
    ...momentsOf(timeZone, days),
  };
  return { today, now, before, asker };
}
