import type { Clock } from "../clock.ts";
import type { Database } from "../db/client.ts";
import { auditStatement } from "../identity/audit-repository.ts";
import type { Device } from "../identity/device.ts";
import type { Principal } from "../identity/principal.ts";
import type { AuditAction } from "../kernel/audit-actions.ts";

export interface ReadingContext {
  db: Database;
  clock: Clock;
  /** Where the request came from. */
  device: Device;
}

/** What a moderator can look at (spec 01-identity, "Roles"). */
export type Reading = Extract<AuditAction, "users.listed" | `user.${string}read`>;

/**
 * Remembers that a moderator looks at other people; before they are shown, so that nothing is shown without it.
 * Administrators' reads and those of oneself leave no trace.
 */
export async function auditReading(
  { db, clock, device }: ReadingContext,
  { role, userId, clientId }: Principal,
  action: Reading,
  target: { type: "user" | "client"; id: string } = { type: "client", id: clientId },
  details: Record<string, unknown> = {},
): Promise<void> {
  if (role === "admin" || target.id === userId) return;
  await auditStatement(db, { actorId: userId, action, target, clientId, details, device }, clock.now());
}
