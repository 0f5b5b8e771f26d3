import type { PlatformItself } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { errorFields } from "#src/observability/logger.ts";
import type { Platform } from "#src/platform.ts";
import { actOnOrder } from "./act-on-order.ts";
import { lapsedOrders } from "./order-repository.ts";

/** Orders that one go of the job ends; the rest waits for the next. */
const maxAtOnce = 100;

/** The platform, at work in a tenant. */
const itself = (clientId: string): PlatformItself => ({
  kind: "system",
  clientId,
  role: "user",
  tier: "free",
  permissions: [],
  scope: "platform",
  via: "job",
  device: { ip: "", userAgent: "" },
});

/**
 * The job: cancels pending orders that nobody has confirmed while what they are of was held for them.
 * @returns how many
 */
export async function expireOrders(platform: Platform, now: number, atOnce = maxAtOnce): Promise<number> {
  const { commerce, log } = platform;
  let expired = 0;
  for (const { id, clientId } of await lapsedOrders(commerce.db, now, atOnce)) {
    try {
      await actOnOrder(platform, itself(clientId), id, {
        action: "expire",
        reason: "Nobody has confirmed it in time",
      });
      expired += 1;
    } catch (error) {
      // Confirmed or paid meanwhile: it stays. Whatever else one order has, the others are ended all the same.
      if (!(error instanceof AppError))
        log.error("order not ended, to be tried again", { order_id: id, ...errorFields(error) });
    }
  }
  return expired;
}
