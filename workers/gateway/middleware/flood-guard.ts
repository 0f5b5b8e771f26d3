import { AppError } from "#src/kernel/app-error.ts";
import { networkOf } from "#src/kernel/network.ts";
import { errorFields } from "#src/observability/logger.ts";
import type { GatewayRequest } from "../context.ts";

/** The period of the binding `FLOODS` (wrangler.toml). */
const periodSeconds = 10;

/**
 * Refuses what an address sends in floods, before anything is done for who is not known yet: by Cloudflare's own counter
 * of each of its places, which costs next to nothing and is not exact. What is exact is counted behind it.
 * @throws AppError `RATE_LIMITED`
 */
export async function refuseFloods(c: GatewayRequest): Promise<void> {
  const { limits, log } = c.get("platform");
  if (!limits) return;
  try {
    if ((await c.env.FLOODS.limit({ key: networkOf(c.get("clientIp")) })).success) return;
  } catch (error) {
    log.warn("floods are not guarded against", errorFields(error));
    return;
  }
  throw new AppError("RATE_LIMITED", {
    message: "Too many calls from your address",
    details: { retry_after: periodSeconds },
    headers: { "Retry-After": String(periodSeconds) },
  });
}
