import { and, isNull, type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import { v7 as uuidv7 } from "uuid";
import type { Database } from "#src/db/client.ts";
import { insertSelect } from "#src/db/insert-select.ts";
import { auditLog, eventOutbox, sessions, subscriptions, users } from "#src/db/schema/index.ts";
import { endedAt } from "../sessions/session-repository.ts";
import { losesAdmin, type UserChange } from "./user-change.ts";

/** Most changes in one batch: its JSON stays far below D1's 2 MB. */
export const maxUserChanges = 100;

/** A change as the statements read it. */
const listed = (change: UserChange, now: number) => {
  const { before, after, entry, event, subscription, endsSessions, needsPassword } = change;
  return {
    user_id: before.id,
    client_id: before.clientId,
    was: { role: before.role, tier: before.tier, active: before.isActive, verified: before.emailVerified },
    password: needsPassword ? before.passwordHash : null,
    becomes: {
      role: after.role,
      tier: after.tier,
      active: after.isActive,
      verified: after.emailVerified,
      deleted_at: after.deletedAt,
    },
    loses_admin: losesAdmin(change),
    ends_sessions: endsSessions,
    audit_id: uuidv7({ msecs: now }),
    audit: entry,
    details: JSON.stringify(entry.details ?? {}),
    event_id: uuidv7({ msecs: now }),
    event,
    data: JSON.stringify(event.data),
    subscription: subscription
      ? { ...subscription, event_id: uuidv7({ msecs: now }), data: JSON.stringify(subscription.data) }
      : null,
  };
};

/**
 * Changes accounts with all that follows, in one batch of set-based statements
 * however many they are (at most `maxUserChanges`): audit row, account, event,
 * the end of its sessions, and its subscription, which has the account's tier and
 * ends with it. An account is left alone when it is no longer as it was read, or
 * when its tenant would keep no active administrator after it and those before it in the list.
 * @returns the accounts that were changed, each with the sessions that ended
 */
export async function applyUserChanges(
  db: Database,
  changes: readonly UserChange[],
  now: number,
): Promise<Map<string, string[]>> {
  const list = JSON.stringify(changes.map((change) => listed(change, now)));
  const each = sql`json_each(${list}) AS change`;
  const of = (path: string) => sql.raw(`change.value ->> '$.${path}'`);
  const asRead = sql`EXISTS (SELECT 1 FROM users WHERE users.id = ${of("user_id")} AND users.deleted_at IS NULL
    AND users.role = ${of("was.role")} AND users.subscription_tier = ${of("was.tier")}
    AND users.is_active = ${of("was.active")} AND users.email_verified = ${of("was.verified")}
    AND users.password_hash = coalesce(${of("password")}, users.password_hash))`;
  const adminRemains = sql`(NOT ${of("loses_admin")} OR EXISTS (
    SELECT 1 FROM users AS other JOIN clients AS home ON home.id = other.client_id AND home.is_active = 1
    WHERE other.client_id = ${of("client_id")} AND other.role = 'admin' AND other.is_active = 1
      AND other.deleted_at IS NULL
      AND NOT EXISTS (SELECT 1 FROM json_each(${list}) AS earlier WHERE earlier.key <= change.key
        AND earlier.value ->> '$.loses_admin' AND earlier.value ->> '$.user_id' = other.id)))`;
  // The audit row comes first: that it is there is what the other statements go by.
  const happened = sql`EXISTS (SELECT 1 FROM audit_log WHERE audit_log.id = ${of("audit_id")})`;
  const changed = (when: SQL) => sql`(SELECT ${of("user_id")} FROM ${each} WHERE ${happened} AND ${when})`;
  const tier = sql`(SELECT ${users.tier} FROM ${users} WHERE ${users.id} = ${subscriptions.userId})`;
  const isOver = sql`(${subscriptions.status} = 'expired' OR ${subscriptions.trialEndsAt} <= ${now}
    OR ${subscriptions.endDate} <= ${now})`;
  const isDeleted = sql`${of("becomes.deleted_at")} IS NOT NULL`;
  // A subscription follows another tier; one that was over is in force again, and the free tier has no end.
  const follows = sql`(${subscriptions.tier} <> ${tier} OR ${isOver})`;
  const isNew = sql`(${isOver} OR ${tier} = 'free')`;
  const renewed = (column: SQLiteColumn) => sql`CASE WHEN ${isNew} THEN NULL ELSE ${column} END`;
  const [, rows, , ended] = await db.batch([
    insertSelect(
      db,
      auditLog,
      {
        id: of("audit_id"),
        actorId: of("audit.actorId"),
        action: of("audit.action"),
        targetType: of("audit.target.type"),
        targetId: of("audit.target.id"),
        clientId: of("audit.clientId"),
        details: of("details"),
        ip: of("audit.device.ip"),
        userAgent: sql`substr(${of("audit.device.userAgent")}, 1, 255)`,
        createdAt: now,
      },
      sql`FROM ${each} WHERE ${asRead} AND ${adminRemains} ORDER BY change.key`,
    ),
    db
      .update(users)
      .set({
        role: sql`${of("becomes.role")}`,
        tier: sql`${of("becomes.tier")}`,
        tierUntoldSince: sql`CASE WHEN ${users.tier} <> ${of("becomes.tier")} THEN ${now} ELSE ${users.tierUntoldSince} END`,
        isActive: sql`${of("becomes.active")}`,
        emailVerified: sql`${of("becomes.verified")}`,
        deletedAt: sql`${of("becomes.deleted_at")}`,
        updatedAt: now,
      })
      .from(each)
      .where(and(sql`${users.id} = ${of("user_id")}`, happened))
      .returning({ id: users.id }),
    insertSelect(
      db,
      eventOutbox,
      {
        id: of("event_id"),
        clientId: of("event.clientId"),
        event: of("event.event"),
        entityId: of("event.entityId"),
        ownerUserId: of("event.ownerUserId"),
        data: of("data"),
        createdAt: now,
      },
      sql`FROM ${each} WHERE ${happened} ORDER BY change.key`,
    ),
    db
      .update(sessions)
      .set(endedAt(now))
      .where(and(sql`${sessions.userId} IN ${changed(of("ends_sessions"))}`, isNull(sessions.revokedAt)))
      .returning({ id: sessions.id, userId: sessions.userId }),
    // Before the subscriptions change: what they are now decides whether they do.
    insertSelect(
      db,
      eventOutbox,
      {
        id: of("subscription.event_id"),
        clientId: of("subscription.clientId"),
        event: of("subscription.event"),
        entityId: of("subscription.entityId"),
        ownerUserId: of("subscription.ownerUserId"),
        data: of("subscription.data"),
        createdAt: now,
      },
      sql`FROM ${each} JOIN ${subscriptions} ON ${subscriptions.userId} = ${of("user_id")}
        WHERE ${happened} AND ${of("subscription")} IS NOT NULL AND (${isDeleted} OR ${follows})
        ORDER BY change.key`,
    ),
    db
      .update(subscriptions)
      .set({
        tier,
        status: sql`CASE WHEN ${isNew} THEN 'active' ELSE ${subscriptions.status} END`,
        trialEndsAt: renewed(subscriptions.trialEndsAt),
        endDate: renewed(subscriptions.endDate),
        cancelledAt: renewed(subscriptions.cancelledAt),
        billingInterval: sql`CASE WHEN ${tier} = 'free' THEN NULL ELSE coalesce(${subscriptions.billingInterval}, 'month') END`,
        revision: sql`${subscriptions.revision} + 1`,
        updatedAt: now,
      })
      .where(
        and(
          sql`${subscriptions.userId} IN ${changed(sql`${of("subscription")} IS NOT NULL AND NOT ${isDeleted}`)}`,
          follows,
        ),
      ),
    db
      .update(subscriptions)
      .set({
        status: "canceled",
        endDate: now,
        cancelledAt: sql`coalesce(${subscriptions.cancelledAt}, ${now})`,
        revision: sql`${subscriptions.revision} + 1`,
        updatedAt: now,
      })
      .where(sql`${subscriptions.userId} IN ${changed(isDeleted)}`),
  ]);
  const sessionsOf = Map.groupBy(ended, ({ userId }) => userId);
  return new Map(rows.map(({ id }) => [id, (sessionsOf.get(id) ?? []).map((session) => session.id)]));
}

/** Living accounts by their ids, however many. */
export const findUsers = (db: Database, ids: readonly string[]) =>
  db
    .select()
    .from(users)
    .where(
      and(sql`${users.id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`, isNull(users.deletedAt)),
    );
