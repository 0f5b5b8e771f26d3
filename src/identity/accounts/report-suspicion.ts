import { auditStatement } from "#src/audit/audit-repository.ts";
import { outboxStatement } from "#src/events/event-outbox.ts";
import type { Device } from "#src/kernel/device.ts";
import type { IdentityContext } from "../sessions/issue-tokens.ts";
import type { UserRow } from "./user-repository.ts";
import { userEvent } from "./user-traces.ts";

/**
 * Tells the tenant that something is wrong with one of its accounts: an event
 * in the outbox (to be delivered by the caller) and an audit row.
 * @param kind `repeated_login_failures` or `refresh_token_reused`
 */
export async function reportSuspicion(
  { db, clock }: Pick<IdentityContext, "db" | "clock">,
  user: Pick<UserRow, "id" | "clientId">,
  { kind, device, facts }: { kind: string; device: Device; facts: Record<string, unknown> },
): Promise<void> {
  const now = clock.now();
  const event = "security.suspicious_activity";
  await db.batch([
    outboxStatement(
      db,
      userEvent(user, { event, data: { ...facts, user_id: user.id, kind, ip: device.ip } }),
      now,
    ),
    auditStatement(
      db,
      {
        actorId: null,
        action: event,
        target: { type: "user", id: user.id },
        clientId: user.clientId,
        details: { kind, ...facts },
        device,
      },
      now,
    ),
  ]);
}
