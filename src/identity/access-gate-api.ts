/**
 * The access gate of a tenant: its ended sessions, and whether it is switched on.
 * Isolates hold a short lease on its answer, so an authenticated request costs
 * no read before its own work (design, "Hot path").
 */
export interface AccessLease {
  /** Session ids whose access tokens must no longer be accepted. */
  revokedSessions: string[];
  tenantActive: boolean;
}

export interface AccessGateApi {
  lease(): Promise<AccessLease>;
  /** Whether the session has ended or the tenant is switched off: the gate's own word, not a lease of it. */
  isShutOut(sessionId: string): Promise<boolean>;
  /** Refuses the sessions' access tokens until `until` (epoch milliseconds), when the last of them has run out. */
  revokeSessions(sessionIds: readonly string[], until: number): Promise<void>;
  setTenantActive(active: boolean): Promise<void>;
}
