import { accessGate } from "#durable-objects/access-gate/client.ts";
import { tenantHub } from "#durable-objects/tenant-hub/client.ts";
import { database } from "#src/db/client.ts";
import { type GateContext, notifyGates, notifyTiers } from "#src/identity/gates/notify-gates.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { systemClock } from "#src/kernel/clock.ts";
import { settingsOf } from "#src/kernel/config.ts";
import { forgetLease } from "#src/objects/access-lease.ts";
import { createLogger, errorFields } from "#src/observability/logger.ts";
import type { GatewayEnv } from "./env.ts";

/** What telling access gates needs. */
export const gateContext = (env: GatewayEnv): GateContext => ({
  db: database(env.DB),
  clock: systemClock,
  settings: settingsOf(env),
  gateOf: (clientId) => ({
    revokeSessions: (ids, until) => accessGate(env, clientId).revokeSessions(ids, until),
    changeTiers: async (changes) => {
      await accessGate(env, clientId).changeTiers(changes);
      forgetLease(clientId);
    },
  }),
  hubOf: (clientId) => tenantHub(env, clientId),
});

/**
 * Shuts ended sessions out everywhere: at once here, within the lease time in other isolates; their sockets close.
 * @throws AppError `UPSTREAM_UNAVAILABLE` when the tenant's objects cannot be told; the sweep repeats it
 */
export async function shutOut(env: GatewayEnv, clientId: string, ...sessionIds: string[]): Promise<void> {
  if (sessionIds.length === 0) return;
  try {
    await notifyGates(gateContext(env), clientId, sessionIds);
  } catch (cause) {
    throw new AppError("UPSTREAM_UNAVAILABLE", {
      message: "The session has ended, but not everywhere yet",
      headers: { "Retry-After": "5" },
      cause,
    });
  } finally {
    forgetLease(clientId);
  }
}

/**
 * Makes changed tiers count everywhere: at once here, within the lease time in other isolates. The change itself has
 * been made: what cannot be told now, the sweep tells.
 */
export async function countTiers(env: GatewayEnv, ...userIds: string[]): Promise<void> {
  try {
    await notifyTiers(gateContext(env), userIds);
  } catch (error) {
    createLogger("gateway").warn(
      "access gates have not heard of tiers, the sweep tells them",
      errorFields(error),
    );
  }
}
