import { auditStatement } from "#src/audit/audit-repository.ts";
import type { Database } from "#src/db/client.ts";
import type { Account } from "#src/kernel/actor.ts";
import type { AuditAction } from "#src/kernel/audit-actions.ts";
import type { Clock } from "#src/kernel/clock.ts";
import type { Device } from "#src/kernel/device.ts";

export interface ReadingContext {
  db: Database;
  clock: Clock;
  /** Where the request came from. */
  device: Device;
}

/** What a moderator can look at (docs/administration.md#roles-and-permissions). */
export type Reading = Extract<AuditAction, "users.listed" | `user.${string}read`>;

/**
 * Remembers that a moderator looks at other people; before they are shown, so that nothing is shown without it.
 * Administrators' reads and those of oneself leave no trace.
 */
export async function auditReading(
  { db, clock, device }: ReadingContext,
  { role, userId, clientId }: Account,
  action: Reading,
  target: { type: "user" | "client"; id: string } = { type: "client", id: clientId },
  details: Record<string, unknown> = {},
): Promise<void> {
  if (role === "admin" || target.id === userId) return;
  await auditStatement(db, { actorId: userId, action, target, clientId, details, device }, clock.now());
}
