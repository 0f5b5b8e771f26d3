import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { AdministrationContext } from "../../../../src/administration/administration-context.ts";
import type { ChangedUser } from "../../../../src/administration/change-users.ts";
import { bearer } from "../../../../src/http/openapi.ts";
import type { GatewayContext } from "../../context.ts";
import { deliverEventsLater } from "../../event-delivery.ts";
import { deviceOf, identityContext } from "../../identity-context.ts";
import { authenticate, requireRole } from "../../middleware/authenticate.ts";
import { shutOut } from "../../shut-out.ts";

const shared = { tags: ["Administration: users"], security: bearer };

/** Operations that moderators may use too. */
export const reading = { ...shared, middleware: [authenticate, requireRole("moderator")] };
/** Operations for administrators only. */
export const acting = { ...shared, middleware: [authenticate, requireRole("admin")] };

export const userParams = z.object({ user_id: z.uuid() });

/** What every operation on users can refuse with. */
export const refusals = [
  "VALIDATION_ERROR",
  "UNAUTHORIZED",
  "TOKEN_INVALID",
  "INSUFFICIENT_PERMISSIONS",
] as const;

/** What the use cases of administration need, from a request. */
export const administrationContext = (c: Context<GatewayContext>): AdministrationContext => ({
  ...identityContext(c),
  device: deviceOf(c),
});

/** Tells the account's tenant of a change and shuts out the sessions that ended with it. */
export async function announce(c: Context<GatewayContext>, { user, ended }: ChangedUser): Promise<void> {
  deliverEventsLater(c, user.clientId);
  await shutOut(c.env, user.clientId, ...ended);
}
