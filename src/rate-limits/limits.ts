import type { Configuration } from "#src/configuration/index.ts";
import type { Tier } from "#src/kernel/actor.ts";
import type { CallLimit } from "#src/objects/call-counts-api.ts";

const periods = { minute: 60, hour: 3600, day: 86_400 } as const;
export type Period = keyof typeof periods;
const periodNames = ["minute", "hour", "day"] as const satisfies Period[];

/** What a period is called, by its seconds. */
export const periodOf = (seconds: number): string =>
  periodNames.find((name) => periods[name] === seconds) ?? `${seconds} s`;

type Configured = Configuration["rate_limits"];

/** Calls in each period; null for no limit. */
type Calls = Record<Period, number | null>;

const unlimited: Calls = { minute: null, hour: null, day: null };

/** What an account of a tier may do (docs/api.md#rate-limits), unless the operator configures something else. */
export const tierCalls: Readonly<Record<Tier, Calls>> = {
  free: { minute: 60, hour: 1000, day: 10_000 },
  basic: { minute: 300, hour: 5000, day: 50_000 },
  premium: { minute: 1000, hour: 20_000, day: 200_000 },
  enterprise: unlimited,
};

/** The calls that an account of a tier has in each period, as it is configured; null for no limit. */
export const callsOfTier = (tier: Tier, configured: Configured): Record<Period, number | null> => {
  const { minute, hour, day } = { ...tierCalls[tier], ...configured[tier] };
  return { minute, hour, day };
};

/** What may come from an address of who has not said who they are: to sign in, and else (docs/api.md#rate-limits). */
export const addressCalls = {
  "sign-in": { minute: 100, hour: 3000, day: 30_000 },
  visitor: { minute: 300, hour: 6000, day: 60_000 },
} as const satisfies Record<string, Calls>;

export type AddressUse = keyof typeof addressCalls;

const listed = (calls: Calls): readonly CallLimit[] =>
  periodNames.flatMap((name) => {
    const most = calls[name];
    return most === null ? [] : [{ seconds: periods[name], most }];
  });

const ofAddresses = {
  "sign-in": listed(addressCalls["sign-in"]),
  visitor: listed(addressCalls.visitor),
};

/** The limits of an address, always the same list. */
export const limitsOfAddress = (use: AddressUse): readonly CallLimit[] => ofAddresses[use];

const known = new Map<string, readonly CallLimit[]>();
/** Configurations that an isolate sees in its life, times tiers. */
const maxKnown = 100;

/** By the configuration as it was read: each reading makes another, which mostly says the same. */
const knownOf = new WeakMap<Configured, Partial<Record<Tier, readonly CallLimit[]>>>();

/**
 * The limits of a tier, shortest period first; none where it has none. The same list as long as they are the same, so
 * that who holds it sees a change.
 */
export function limitsOfTier(tier: Tier, configured: Configured): readonly CallLimit[] {
  const ofTiers = knownOf.get(configured) ?? {};
  knownOf.set(configured, ofTiers);
  const limits = ofTiers[tier] ?? sameList(listed(callsOfTier(tier, configured)));
  ofTiers[tier] = limits;
  return limits;
}

function sameList(limits: readonly CallLimit[]): readonly CallLimit[] {
  const name = JSON.stringify(limits);
  const same = known.get(name) ?? limits;
  if (known.size >= maxKnown) known.clear();
  known.set(name, same);
  return same;
}
