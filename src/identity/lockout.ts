/** After how many failures a wait begins, and how it grows. */
interface Rule {
  free: number;
  firstSeconds: number;
  longestSeconds: number;
}

/**
 * Failures are counted three ways. An account at one address is stopped early;
 * an account from anywhere late, and never for long, so that strangers cannot
 * lock its owner out; an address across accounts late as well.
 */
export const lockoutRules = {
  accountAtAddress: { free: 5, firstSeconds: 30, longestSeconds: 900 },
  account: { free: 50, firstSeconds: 10, longestSeconds: 60 },
  address: { free: 100, firstSeconds: 30, longestSeconds: 900 },
} as const satisfies Record<string, Rule>;

export type LockoutScope = keyof typeof lockoutRules;

/** A failure is forgotten after this, one at a time: the count decays. */
const decayMs = 10 * 60_000;

export interface Failures {
  failures: number;
  /** Epoch milliseconds of the last one. */
  lastAt: number;
}

/** What is left of a count after the time that has passed since. */
export const decayed = ({ failures, lastAt }: Failures, now: number): number =>
  Math.max(0, failures - Math.floor(Math.max(0, now - lastAt) / decayMs));

/** Seconds until the next try is allowed; 0 when it is allowed now. The wait doubles with every failure past the free ones. */
export function secondsToWait(scope: LockoutScope, count: Failures, now: number): number {
  const { free, firstSeconds, longestSeconds } = lockoutRules[scope];
  const past = decayed(count, now) - free;
  if (past < 0) return 0;
  const wait = Math.min(longestSeconds, firstSeconds * 2 ** Math.min(past, 20));
  return Math.max(0, Math.ceil((count.lastAt + wait * 1000 - now) / 1000));
}

/** What a try is counted under. An address that is not known (locally) counts for nothing by itself. */
export const lockoutKeys = (
  email: string,
  address: string,
): readonly { scope: LockoutScope; key: string }[] => [
  { scope: "accountAtAddress", key: `account-at:${email}|${address}` },
  { scope: "account", key: `account:${email}` },
  ...(address === "unknown" ? [] : [{ scope: "address" as const, key: `address:${address}` }]),
];
