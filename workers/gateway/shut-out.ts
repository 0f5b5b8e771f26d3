import { accessGate } from "../../durable-objects/access-gate/client.ts";
import { forgetLease } from "../../durable-objects/access-gate/lease.ts";
import { tenantHub } from "../../durable-objects/tenant-hub/client.ts";
import { settingsOf } from "../../src/config.ts";
import type { GatewayEnv } from "./env.ts";

/** Shuts sessions out everywhere: at once here, within the lease time in other isolates; their sockets close. */
export async function shutOut(env: GatewayEnv, clientId: string, ...sessionIds: string[]): Promise<void> {
  const until = Date.now() + settingsOf(env).ACCESS_TOKEN_SECONDS * 1000;
  const gate = accessGate(env, clientId);
  const hub = tenantHub(env, clientId);
  await Promise.all(sessionIds.map((sessionId) => gate.revokeSession(sessionId, until)));
  forgetLease(clientId);
  await Promise.all(sessionIds.map((sessionId) => hub.endSession(sessionId)));
}
