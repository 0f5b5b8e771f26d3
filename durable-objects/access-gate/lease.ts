import type { AccessLease } from "../../src/identity/access-gate-api.ts";
import type { DurableObjectNamespaces } from "../environment.ts";
import { accessGate } from "./client.ts";

/** How long an isolate believes the gate's last answer: the bound on how late a revocation is seen elsewhere. */
export const leaseMilliseconds = 4000;

interface Held {
  lease: Promise<AccessLease>;
  until: number;
}

const leases = new Map<string, Held>();
const mostTenants = 1000;

/** The access lease of a tenant; asks the gate at most once per lease time and isolate. */
export function accessLease(
  env: Pick<DurableObjectNamespaces, "ACCESS_GATE">,
  clientId: string,
  now: number,
): Promise<AccessLease> {
  const held = leases.get(clientId);
  if (held && held.until > now) return held.lease;
  if (leases.size >= mostTenants) leases.clear();
  const lease = accessGate(env, clientId).lease();
  leases.set(clientId, { lease, until: now + leaseMilliseconds });
  // An answer that never came is not held against the next request.
  lease.catch(() => leases.delete(clientId));
  return lease;
}

/** Makes this isolate ask the gate again at once, after it has changed something there. */
export const forgetLease = (clientId: string): void => void leases.delete(clientId);
