import { type AuditEntry, auditStatement } from "#src/audit/index.ts";
import { countTiers, type UserRow, userEvent } from "#src/identity/index.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { AuditAction } from "#src/kernel/audit-actions.ts";
import type { EventNameOf, EventOf } from "#src/kernel/event-catalogue.ts";
import type { Platform } from "#src/platform.ts";
import { givenTier } from "./given-tier.ts";
import { giveTier, isStillAs, updateSubscriptionRow } from "./subscription-admin-repository.ts";
import type { SubscriptionRow } from "./subscription-repository.ts";

/** Who changes a subscription; nobody where the platform does it by itself. */
export type ChangedBy = Pick<AuditEntry, "actorId" | "device">;

/** The platform itself. */
export const byItself: ChangedBy = { actorId: null, device: { ip: "", userAgent: "" } };

/** A subscription as it is to become, and what is told of it. */
export interface SubscriptionChange {
  after: SubscriptionRow;
  action: AuditAction;
  /** For the audit log, beside which subscription it is. */
  details: Record<string, unknown>;
  event: EventOf<EventNameOf<"subscription">>;
  /** Whether the payment provider has said so; else it is to be told, where it bills the subscription. */
  isTold?: boolean;
}

/** A subscription as it was read, and whose it is. */
export interface Subscribed {
  user: Pick<UserRow, "id" | "clientId">;
  subscription: SubscriptionRow;
}

type Writing = Pick<Platform, "db" | "tell">;

/**
 * Writes a change with its traces and the user's tier, all or nothing; access gates are told afterwards (`countTiers`).
 * @returns as it was written; undefined when the subscription is another by now than the one that was read
 */
export async function writeChange(
  { db, tell }: Writing,
  by: ChangedBy,
  { user, subscription: before }: Subscribed,
  { after, action, details, event, isTold = false }: SubscriptionChange,
  now: number,
): Promise<SubscriptionRow | undefined> {
  const untoldSince = after.externalId === null || isTold ? after.untoldSince : now;
  const written = { ...after, untoldSince, revision: before.revision + 1 };
  const asRead = isStillAs(before);
  const entry: AuditEntry = {
    ...by,
    action,
    target: { type: "user", id: user.id },
    clientId: user.clientId,
    details: { subscription_id: before.id, ...details },
  };
  const [, , , { meta }] = await db.batch([
    auditStatement(db, entry, now, asRead),
    tell(userEvent(user, event), now, asRead),
    giveTier(db, user.id, givenTier(after, now), now, asRead),
    updateSubscriptionRow(db, before, written),
  ]);
  return meta.changes > 0 ? written : undefined;
}

const maxAttempts = 5;

/**
 * Changes a subscription; decides anew as often as somebody else has been quicker.
 * @param find reads it, or refuses
 * @param decide undefined where there is nothing to change
 * @returns as it is afterwards
 * @throws AppError `CONFLICT` when others go on changing it
 */
export async function changeSubscriptionRow(
  platform: Writing & Parameters<typeof countTiers>[0],
  by: ChangedBy,
  find: () => Promise<Subscribed>,
  decide: (subscription: SubscriptionRow, now: number) => SubscriptionChange | undefined,
): Promise<SubscriptionRow> {
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const subscribed = await find();
    const now = platform.clock.now();
    const change = decide(subscribed.subscription, now);
    if (!change) return subscribed.subscription;
    const written = await writeChange(platform, by, subscribed, change, now);
    if (!written) continue;
    await countTiers(platform, subscribed.user.id);
    return written;
  }
  throw new AppError("CONFLICT", { message: "The subscription is being changed by others; try again" });
}
