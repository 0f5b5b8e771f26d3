import type { AccessGateApi, TierChange } from "./access-gate-api.ts";

type Gate = Pick<AccessGateApi, "leaseSince">;

/** How long an isolate believes the gate's last answer: the bound on how late a revocation is seen elsewhere. */
const leaseMilliseconds = 4000;

/** One request renews a lease this long before its end, at random, so that isolates do not all come at once. */
const renewalMilliseconds = { earliest: 2000, latest: 1000 };

/** A gate that has not answered by then is treated as unreachable. */
const patienceMilliseconds = 2000;

/** Ended sessions, and changed tiers, held for a tenant: some 3 MB. There are more where everybody is signed out at once. */
const maxHeld = 20_000;

/** For so long nothing is held of a tenant that has more: about as long as an access token lives. */
const asksForMilliseconds = 3_600_000;

/** What the gate has said, as requests look things up in it. */
export interface HeldLease {
  revokedSessions: ReadonlyMap<string, number>;
  /** By account. */
  tierChanges: ReadonlyMap<string, TierChange>;
  tenantActive: boolean;
  /** Too much has ended and changed to be held: whoever wants to know asks the database, which knows as well. */
  isTooMuch: boolean;
}

interface Held {
  /** Ended sessions, and until when that is of interest; the gate tells of each once. */
  revokedSessions: Map<string, number>;
  /** The number of the last of them. */
  seq: number;
  /** Until then nothing is held, because it was too much. */
  asksUntil: number;
  /** What accounts' tiers have become, likewise. */
  tierChanges: Map<string, TierChange>;
  tierSeq: number;
  tenantActive: boolean;
  renewAt: number;
  until: number;
  /** Somebody is asking for the next one already. */
  isRenewing: boolean;
}

/** By tenant. Answers are kept, never promises: one would hang for all when the request that made it is cancelled. */
const leases = new Map<string, Held>();
const maxTenants = 1000;

/** Counts what this isolate has changed at gates: an answer asked for before a change is not kept after it. */
let changes = 0;

/**
 * The access lease of a tenant, at most four seconds old. Near its end one
 * request renews it while the others go on with it; times in epoch milliseconds.
 * @param gateOf finds the gate, when it has to be asked
 * @throws when there is none in force and the gate does not answer
 */
export async function accessLease(
  gateOf: () => Gate | Promise<Gate>,
  clientId: string,
  now: number,
): Promise<HeldLease> {
  const held = leases.get(clientId);
  const inForce = held !== undefined && now < held.until ? held : undefined;
  if (inForce && (now < inForce.renewAt || inForce.isRenewing)) return leaseOf(inForce, inForce.tenantActive);
  if (inForce) inForce.isRenewing = true;
  try {
    return await renewedLease(await gateOf(), clientId, now);
  } catch (error) {
    // The gate may have been waited for until the lease ran out.
    if (!inForce || Date.now() >= inForce.until) throw error;
    inForce.isRenewing = false;
    return leaseOf(inForce, inForce.tenantActive);
  }
}

async function renewedLease(gate: Gate, clientId: string, now: number): Promise<HeldLease> {
  const changesBefore = changes;
  const held = leases.get(clientId) ?? unheld();
  const tenantActive = await learn(held, gate, now);
  if (changes === changesBefore) {
    const [oldest] = leases.keys();
    if (leases.size >= maxTenants && oldest !== undefined) leases.delete(oldest);
    const { earliest, latest } = renewalMilliseconds;
    const until = now + leaseMilliseconds;
    const renewAt = until - latest - Math.random() * (earliest - latest);
    leases.set(clientId, Object.assign(held, { tenantActive, renewAt, until, isRenewing: false }));
  }
  return leaseOf(held, tenantActive);
}

const leaseOf = ({ revokedSessions, tierChanges, asksUntil }: Held, tenantActive: boolean): HeldLease => ({
  revokedSessions,
  tierChanges,
  isTooMuch: asksUntil > 0,
  tenantActive,
});

const unheld = (): Held => ({
  revokedSessions: new Map(),
  seq: 0,
  asksUntil: 0,
  tierChanges: new Map(),
  tierSeq: 0,
  tenantActive: true,
  renewAt: 0,
  until: 0,
  isRenewing: false,
});

/** Asks the gate for what has ended and changed since it was last asked. Returns whether the tenant is switched on. */
async function learn(held: Held, gate: Gate, now: number): Promise<boolean> {
  const { revokedSessions, tierChanges } = held;
  if (held.asksUntil > 0 && held.asksUntil < now) Object.assign(held, { asksUntil: 0, seq: 0, tierSeq: 0 });
  for (;;) {
    const [since, tiersSince] = [held.seq, held.tierSeq];
    const answer = await withPatience(gate.leaseSince(since, tiersSince));
    const tierSeq = answer.tierSeq ?? tiersSince;
    for (const { id, until } of answer.revokedSessions) {
      revokedSessions.delete(id);
      revokedSessions.set(id, until);
    }
    for (const change of answer.tierChanges ?? []) {
      tierChanges.delete(change.userId);
      tierChanges.set(change.userId, change);
    }
    const isTooMuch = Math.max(revokedSessions.size, tierChanges.size) > maxHeld;
    if (isTooMuch) held.asksUntil = now + asksForMilliseconds;
    if (held.asksUntil > 0) {
      revokedSessions.clear();
      tierChanges.clear();
    }
    const hasLostCount = answer.seq < since || tierSeq < tiersSince;
    held.seq = hasLostCount ? 0 : Math.max(held.seq, answer.seq);
    held.tierSeq = hasLostCount ? 0 : Math.max(held.tierSeq, tierSeq);
    if (answer.isMore || hasLostCount) continue;
    forgetOver(revokedSessions, (until) => until, now);
    forgetOver(tierChanges, ({ until }) => until, now);
    return answer.tenantActive;
  }
}

/** Those whose tokens have all run out; they stand in about the order in which that happens. */
function forgetOver<T>(held: Map<string, T>, untilOf: (value: T) => number, now: number): void {
  for (const [id, value] of held) {
    if (untilOf(value) >= now) return;
    held.delete(id);
  }
}

async function withPatience<T>(answer: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("The access gate does not answer")), patienceMilliseconds);
  });
  try {
    return await Promise.race([answer, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

/** Makes this isolate ask the gate again at once, after it has changed something there; what it knows it keeps. */
export function forgetLease(clientId: string): void {
  changes++;
  const held = leases.get(clientId);
  if (held) Object.assign(held, { renewAt: 0, until: 0, isRenewing: false });
}
