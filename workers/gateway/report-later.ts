import type { Context } from "hono";
import { reportLater } from "#src/identity/accounts/report-suspicion.ts";
import type { OnSuspicion } from "#src/identity/passwords/check-password.ts";
import type { GatewayContext } from "./context.ts";
import { deviceOf } from "./identity-context.ts";

// For routes that are no tables yet.
export const reportFailures =
  (c: Context<GatewayContext>): OnSuspicion =>
  (user, facts) =>
    reportLater(c.var.platform, deviceOf(c), user, { kind: "repeated_login_failures", facts });
