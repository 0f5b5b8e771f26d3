import { dayMs } from "#src/kernel/clock.ts";
import type { Plan } from "#src/kernel/questions/plan.ts";
import type { UsageDimension } from "#src/objects/usage-day.ts";
import type { Platform } from "#src/platform.ts";
import type { CountedRow } from "./fold-rows.ts";
import { dayText } from "./plan-period.ts";
import type { Asker } from "./source-statements.ts";

/** What usage is told apart by: executions unless a model or an agent is asked for. */
function dimensionOf({ dimensions, filters }: Plan): Exclude<UsageDimension, "step"> {
  const asked = [...dimensions, ...filters.map(({ field }) => field)];
  return (["persona", "model", "agent"] as const).find((name) => asked.includes(name)) ?? "hour";
}

const dayOf = (day: string): number => Date.parse(day) / dayMs;

/** What the tenant's executions have used, as its objects have counted it: at most a row a day and name. */
export async function usageRows(
  { usage }: Pick<Platform, "usage">,
  { clientId, userId, days }: Asker,
  plan: Plan,
): Promise<CountedRow[]> {
  const dimension = dimensionOf(plan);
  const found = await usage.ofDays(clientId, {
    userId,
    dimension,
    since: dayOf(days.from),
    until: dayOf(days.to) + 1,
  });
  return found.flatMap(({ day, names }) =>
    Object.entries(names).map(([name, figures]) => ({
      day: dayText(day * dayMs),
      fields: dimension === "hour" ? {} : { [dimension]: name === "" ? null : name },
      values: {
        count: figures.count,
        completed: figures.completed,
        fuel: figures.fuel,
        tokens: figures.tokens_in + figures.tokens_out,
        cost: figures.cost_micros,
        duration: figures.duration_ms,
      },
    })),
  );
}
