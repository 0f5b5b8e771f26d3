/**
 * The access gate of a tenant: revoked sessions and users.
 * Isolates hold a short lease on its answer, so an authenticated request costs
 * no read before its own work (design, "Hot path").
 */
export interface AccessLease {
  /** Session ids whose access tokens must no longer be accepted. */
  revokedSessions: string[];
  /** Users whose every token issued before the given epoch millisecond is void. */
  revokedUsers: Record<string, number>;
  tenantActive: boolean;
}

export interface AccessGateApi {
  lease(): Promise<AccessLease>;
  /** Refuses the sessions' access tokens until `until` (epoch milliseconds), when the last of them has run out. */
  revokeSessions(sessionIds: readonly string[], until: number): Promise<void>;
  revokeUser(userId: string, issuedBefore: number, until: number): Promise<void>;
  setTenantActive(active: boolean): Promise<void>;
}
