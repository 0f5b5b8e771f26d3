import { auditStatement } from "#src/audit/index.ts";
import type { Device } from "#src/kernel/device.ts";
import type { Platform } from "#src/platform.ts";
import type { UserRow } from "./user-repository.ts";
import { userEvent } from "./user-traces.ts";

/** Something that is wrong with an account: `repeated_login_failures` or `refresh_token_reused`, and the facts of it. */
interface Suspicion {
  kind: "repeated_login_failures" | "refresh_token_reused";
  facts: Record<string, unknown>;
}

export type Reporting = Pick<Platform, "db" | "clock" | "tell" | "deliver" | "later">;

/**
 * Tells the tenant that something is wrong with one of its accounts, by an event and an audit row, while the answer
 * is on its way: how long it takes must tell nothing.
 */
export const reportLater = (
  platform: Reporting,
  device: Device,
  user: Pick<UserRow, "id" | "clientId">,
  suspicion: Suspicion,
): void =>
  platform.later("suspicious activity not reported", () => report(platform, device, user, suspicion));

async function report(
  platform: Reporting,
  device: Device,
  user: Pick<UserRow, "id" | "clientId">,
  { kind, facts }: Suspicion,
): Promise<void> {
  const { db, clock } = platform;
  const now = clock.now();
  const event = "security.suspicious_activity";
  const { clientId } = user;
  const target = { type: "user", id: user.id };
  const details = { kind, ...facts };
  await db.batch([
    platform.tell(userEvent(user, { event, data: { ...facts, user_id: user.id, kind, ip: device.ip } }), now),
    auditStatement(db, { actorId: null, action: event, target, clientId, details, device }, now),
  ]);
  // What the call told may have been delivered before this was written.
  platform.deliver(clientId);
}
