import type { Tier } from "#src/kernel/actor.ts";
import type { CallCountsApi } from "./call-counts-api.ts";

/** That an account's tier has changed. Times in epoch milliseconds. */
export interface TierChange {
  userId: string;
  /** What it is now. */
  tier: Tier;
  changedAt: number;
  /** When the last token with another tier has run out. */
  until: number;
}

/**
 * The access gate of a tenant: its ended sessions, changed tiers, and whether it is switched on.
 * Isolates hold a short lease on its answer, so an authenticated request costs
 * no read before its own work (docs/architecture.md#what-a-request-costs).
 */
export interface AccessLease {
  /** Sessions whose access tokens must not be accepted until a time (epoch milliseconds), in the order in which they ended. */
  revokedSessions: { id: string; until: number }[];
  /** The number of the last of them, to ask for what comes after; smaller than the one asked with when the gate has lost count. */
  seq: number;
  /** Accounts whose tier has changed, likewise; an object of the release before says nothing of them. */
  tierChanges?: TierChange[];
  /** The number of the last of these. */
  tierSeq?: number;
  /** There are more than one answer holds. */
  isMore: boolean;
  tenantActive: boolean;
}

/** Somebody's own socket at a conversation, as the gate has to know it. Times in epoch milliseconds. */
export interface ConversationListener {
  conversationId: string;
  sessionId: string;
  userId: string;
  /** When the token runs out that has opened it. */
  until: number;
}

export interface AccessGateApi extends CallCountsApi {
  /**
   * What has ended after a number; all that is still to be refused after 0.
   * @param tiersSince the number after which changes of tiers are told
   */
  leaseSince(since: number, tiersSince?: number): Promise<AccessLease>;
  /** All at once: what isolates of the first version ask for while a new one is being deployed. */
  lease(): Promise<{ revokedSessions: string[]; tenantActive: boolean }>;
  /** Whether the session has ended or the tenant is switched off: the gate's own word, not a lease of it. */
  isShutOut(sessionId: string): Promise<boolean>;
  /**
   * Takes note of a socket at a conversation, which is told when the session or the rights of whoever hears it end.
   * @returns whether they have ended already
   */
  admitListener(listener: ConversationListener): Promise<{ isShutOut: boolean }>;
  /** Has conversations close the sockets of somebody who may do less from now on. */
  endRights(userId: string): Promise<void>;
  /** Refuses the sessions' access tokens until `until` (epoch milliseconds), when the last of them has run out; closes their sockets at conversations. */
  revokeSessions(sessionIds: readonly string[], until: number): Promise<void>;
  /** Remembers what accounts' tiers have become, for as long as tokens with another can live; the latest change counts. */
  changeTiers(changes: readonly TierChange[]): Promise<void>;
  setTenantActive(active: boolean): Promise<void>;
}
