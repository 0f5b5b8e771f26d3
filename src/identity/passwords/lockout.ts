import { networkOf } from "#src/kernel/network.ts";

/** After how many failures a wait begins, and how it grows. */
interface Rule {
  free: number;
  firstSeconds: number;
  maxSeconds: number;
}

/**
 * Failures are counted three ways. An account at one address is stopped early;
 * an account from anywhere late, and never for long, so that strangers cannot
 * lock its owner out; an address across accounts late as well. Mails that an
 * address asks for are counted likewise.
 */
const lockoutRules = {
  accountAtAddress: { free: 5, firstSeconds: 30, maxSeconds: 900 },
  account: { free: 50, firstSeconds: 10, maxSeconds: 60 },
  address: { free: 100, firstSeconds: 30, maxSeconds: 900 },
  mailsFromAddress: { free: 20, firstSeconds: 60, maxSeconds: 900 },
} as const satisfies Record<string, Rule>;

export type LockoutScope = keyof typeof lockoutRules;

/** A failure is forgotten after this, one at a time: the count decays. */
export const decayMs = 10 * 60_000;

/** Failures past the free ones that outlast a quiet spell: however many there were, the count has decayed within hours. */
const maxPast = 10;

/** What remains of a count at the beginning of its decay. */
export const maxKept = (scope: LockoutScope): number => lockoutRules[scope].free + maxPast;

/** At these counts the tenant is told, once each. */
export const suspiciousAt: Partial<Record<LockoutScope, number>> = { accountAtAddress: 5, account: 25 };

export interface Failures {
  failures: number;
  /** Epoch milliseconds of the last one. */
  lastAt: number;
}

/** What is left of a count after the time that has passed since. */
export function decayed(scope: LockoutScope, { failures, lastAt }: Failures, now: number): number {
  const forgotten = Math.floor(Math.max(0, now - lastAt) / decayMs);
  return forgotten === 0 ? failures : Math.max(0, Math.min(failures, maxKept(scope)) - forgotten);
}

/** Seconds until the next try is allowed; 0 when it is allowed now. The wait doubles with every failure past the free ones. */
export function secondsToWait(scope: LockoutScope, count: Failures, now: number): number {
  const { free, firstSeconds, maxSeconds } = lockoutRules[scope];
  const past = decayed(scope, count, now) - free;
  if (past < 0) return 0;
  const wait = Math.min(maxSeconds, firstSeconds * 2 ** Math.min(past, 20));
  return Math.max(0, Math.ceil((count.lastAt + wait * 1000 - now) / 1000));
}

const noFailures: Failures = { failures: 0, lastAt: 0 };

/**
 * Seconds to wait because others, at the same moment, used up what was free when
 * this try began; 0 when this one got there first.
 * @param before what was counted when it began
 * @param after what is counted now, this try included
 */
export function secondsBehindOthers(
  scope: LockoutScope,
  { before = noFailures, after = noFailures }: { before: Failures | undefined; after: Failures | undefined },
  isCounted: boolean,
  now: number,
): number {
  const others = after.failures - decayed(scope, before, now) - (isCounted ? 1 : 0);
  return others > 0 ? secondsToWait(scope, after, now) : 0;
}

/** Something that failures are counted under. */
export interface LockoutKey {
  scope: LockoutScope;
  key: string;
}

const isKnown = (address: string): boolean => address !== "unknown";

/** What a try is counted under. An address that is not known (locally) counts for nothing by itself. */
export function lockoutKeys(email: string, address: string): readonly LockoutKey[] {
  const network = networkOf(address);
  const ofAccount: LockoutKey[] = [
    { scope: "accountAtAddress", key: `account-at:${email}|${network}` },
    { scope: "account", key: `account:${email}` },
  ];
  return isKnown(address) ? [...ofAccount, { scope: "address", key: `address:${network}` }] : ofAccount;
}

/** What a mail that somebody asks for is counted under; nothing when the address is not known. */
export const mailKeys = (address: string): readonly LockoutKey[] =>
  isKnown(address) ? [{ scope: "mailsFromAddress", key: `mails:${networkOf(address)}` }] : [];
