import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { tenantHub } from "#durable-objects/tenant-hub/client.ts";
import { requireAdministeringUsers, requireReadingUsers } from "#src/administration/access/rights.ts";
import type { AdministrationContext } from "#src/administration/administration-context.ts";
import type { ChangedUser } from "#src/administration/users/change-users.ts";
import { bearer } from "#src/http/openapi.ts";
import { errorFields } from "#src/observability/logger.ts";
import type { GatewayContext } from "../../context.ts";
import { deliverEventsLater } from "../../event-delivery.ts";
import { deviceOf, identityContext } from "../../identity-context.ts";
import { authenticate } from "../../middleware/authenticate.ts";
import { requireThat } from "../../middleware/authorize.ts";
import { shutOut } from "../../shut-out.ts";

const shared = { tags: ["Administration: users"], security: bearer };

/** Operations for whoever may look at accounts. */
export const reading = { ...shared, middleware: [authenticate, requireThat(requireReadingUsers)] };
/** Operations for whoever may administer accounts. */
export const acting = { ...shared, middleware: [authenticate, requireThat(requireAdministeringUsers)] };

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

/**
 * Tells the account's tenant of a change and shuts out the sessions that ended with it.
 * @param rightsLost whether they ended because the account may do less: its sockets hear that
 */
export async function announce(
  c: Context<GatewayContext>,
  { user, ended }: ChangedUser,
  rightsLost = false,
): Promise<void> {
  deliverEventsLater(c, user.clientId);
  if (rightsLost && ended.length > 0) await closeForRights(c, user);
  await shutOut(c.env, user.clientId, ...ended);
}

/** Only the reason is lost when the hub does not answer: the sockets end with their sessions in any case. */
async function closeForRights(c: Context<GatewayContext>, user: ChangedUser["user"]): Promise<void> {
  try {
    await tenantHub(c.env, user.clientId).endRights(user.id);
  } catch (error) {
    c.var.logger.warn("the sockets of an account did not hear of its rights", errorFields(error));
  }
}
