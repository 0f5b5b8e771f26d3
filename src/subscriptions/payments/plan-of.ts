import type { PaidTier } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { Platform } from "#src/platform.ts";
import type { Plan } from "#src/providers/index.ts";
import { allTiers } from "../subscription-repository.ts";

/**
 * A plan with what it costs at present.
 * @throws AppError `CONFLICT` where the tier costs nothing, so that nothing can be paid for it
 */
export async function planOf(
  { db }: Pick<Platform, "db">,
  { tier, billing_interval: interval }: { tier: PaidTier; billing_interval: Plan["interval"] },
): Promise<Plan> {
  const row = (await allTiers(db)).find(({ name }) => name === tier);
  const cents = (interval === "month" ? row?.monthlyCents : row?.yearlyCents) ?? 0;
  if (cents <= 0) throw new AppError("CONFLICT", { message: `Nothing is to be paid for ${tier}` });
  return { tier, interval, cents };
}
