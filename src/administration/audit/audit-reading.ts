import { auditAction } from "#src/audit/index.ts";
import type { Account } from "#src/kernel/actor.ts";
import type { AuditAction } from "#src/kernel/audit-actions.ts";
import type { Platform } from "#src/platform.ts";

/** What others than administrators can look at (docs/administration.md#tenants-and-the-operator). */
export type Reading = Extract<AuditAction, "users.listed" | `user.${string}read`>;

/**
 * Remembers that somebody who is no administrator looks at other people; before they are shown, so that nothing is shown without it.
 * Administrators' reads and those of oneself leave no trace.
 */
export async function auditReading(
  platform: Pick<Platform, "db" | "clock">,
  actor: Account,
  action: Reading,
  target: { type: "user" | "client"; id: string } = { type: "client", id: actor.clientId },
  details?: Record<string, unknown>,
): Promise<void> {
  if (actor.role === "admin" || target.id === actor.userId) return;
  await auditAction(platform, actor, { action, target, details });
}
