import { and, eq, exists, inArray, isNotNull, isNull, lte, notExists, type SQL, sql } from "drizzle-orm";
import { previousChanged } from "../db/batch-conditions.ts";
import type { Database } from "../db/client.ts";
import {
  oneTimeTokens,
  runs,
  sessions,
  subscriptions,
  userPermissions,
  userProfiles,
  users,
} from "../db/schema/index.ts";
import type { UserRow } from "./user-repository.ts";

/** True for everybody but the only administrator there is. */
const isNotLastAdmin = sql`(${users.role} <> 'admin' OR EXISTS (
  SELECT 1 FROM users AS other WHERE other.role = 'admin' AND other.is_active = 1
    AND other.deleted_at IS NULL AND other.id <> ${users.id}))`;

/**
 * Marks an account deleted and ends its subscription, for one batch; changes
 * nothing when it is the last administrator's, or its password is no longer
 * the one that was checked. The address is free again at once.
 */
export const deleteUserStatements = (
  db: Database,
  { id, passwordHash }: Pick<UserRow, "id" | "passwordHash">,
  now: number,
) =>
  [
    db
      .update(users)
      .set({ deletedAt: now, isActive: false, updatedAt: now })
      .where(
        and(eq(users.id, id), eq(users.passwordHash, passwordHash), isNull(users.deletedAt), isNotLastAdmin),
      ),
    db
      .update(subscriptions)
      .set({ status: "canceled", endDate: now, updatedAt: now })
      .where(and(eq(subscriptions.userId, id), previousChanged)),
  ] as const;

/** Holds when the account is deleted. */
export const isDeleted = (userId: string): SQL =>
  sql`EXISTS (SELECT 1 FROM users AS gone WHERE gone.id = ${userId} AND gone.deleted_at IS NOT NULL)`;

/** Deleted and still with personal data; written out as the partial index has it, so that it serves. */
const isUnscrubbed = sql`users.deleted_at IS NOT NULL AND users.scrubbed_at IS NULL`;

/**
 * Accounts deleted before a time whose personal data is still there, the longest
 * deleted first. An account waits until its access gate knows of its ended sessions.
 */
export const usersToScrub = (db: Database, deletedBefore: number, limit: number) =>
  db
    .select({ id: users.id, clientId: users.clientId, email: users.email })
    .from(users)
    .where(
      and(
        isUnscrubbed,
        lte(users.deletedAt, deletedBefore),
        notExists(
          db
            .select({ id: sessions.id })
            .from(sessions)
            .where(and(eq(sessions.userId, users.id), eq(sessions.gatePending, true))),
        ),
      ),
    )
    .orderBy(users.deletedAt)
    .limit(limit);

/** Deleted accounts that still execute something, as far as the read model of runs knows. */
export const deletedUsersWithRuns = (db: Database, limit: number) =>
  db
    .select({ id: users.id, clientId: users.clientId })
    .from(users)
    .where(
      and(
        isUnscrubbed,
        exists(
          db
            .select({ id: runs.correlationId })
            .from(runs)
            .where(and(eq(runs.userId, users.id), inArray(runs.status, ["pending", "running", "paused"]))),
        ),
      ),
    )
    .limit(limit);

/** Removes what tells who a deleted account's owner was, for one batch. */
export const scrubUserStatements = (db: Database, userId: string, now: number) =>
  [
    db
      .update(users)
      .set({
        email: `deleted-${userId}@deleted.invalid`,
        passwordHash: "none",
        emailVerified: false,
        scrubbedAt: now,
      })
      .where(and(eq(users.id, userId), isNotNull(users.deletedAt))),
    db
      .update(userProfiles)
      .set({
        firstName: null,
        lastName: null,
        company: null,
        phone: null,
        avatarUrl: null,
        preferences: {},
        updatedAt: now,
      })
      .where(eq(userProfiles.userId, userId)),
    db.delete(sessions).where(eq(sessions.userId, userId)),
    db.delete(oneTimeTokens).where(eq(oneTimeTokens.userId, userId)),
    db.delete(userPermissions).where(eq(userPermissions.userId, userId)),
  ] as const;
