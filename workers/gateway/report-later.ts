import type { Context } from "hono";
import { deliverEvents } from "#src/events/event-outbox.ts";
import { reportSuspicion } from "#src/identity/accounts/report-suspicion.ts";
import type { OnSuspicion } from "#src/identity/passwords/check-password.ts";
import { errorFields } from "#src/observability/logger.ts";
import type { GatewayContext } from "./context.ts";
import { eventDelivery } from "./event-delivery.ts";
import { deviceOf, identityContext } from "./identity-context.ts";

/** Reports suspicious activity while the answer is on its way: how long it takes must tell nothing. */
export function reportLater(
  c: Context<GatewayContext>,
  user: { id: string; clientId: string },
  kind: string,
  facts: Record<string, unknown>,
): void {
  const report = async () => {
    try {
      await reportSuspicion(identityContext(c), user, { kind, device: deviceOf(c), facts });
      await deliverEvents(eventDelivery(c.env, c.var.logger), user.clientId);
    } catch (error) {
      c.var.logger.error("suspicious activity not reported", { kind, ...errorFields(error) });
    }
  };
  c.executionCtx.waitUntil(report());
}

/** Reports accounts on which somebody tries passwords. */
export const reportFailures =
  (c: Context<GatewayContext>): OnSuspicion =>
  (user, facts) =>
    reportLater(c, user, "repeated_login_failures", facts);
