import { and, eq, isNotNull, isNull, type SQL, sql } from "drizzle-orm";
import { previousChanged } from "../db/batch-conditions.ts";
import type { Database } from "../db/client.ts";
import {
  clients,
  oneTimeTokens,
  sessions,
  subscriptions,
  userPermissions,
  userProfiles,
  users,
} from "../db/schema/index.ts";
import type { UpdateProfile } from "./schemas.ts";

export type UserRow = typeof users.$inferSelect;

/** The living account with this e-mail address (lower case), with its tenant's state. */
export const findUserByEmail = (db: Database, email: string) =>
  db
    .select({ user: users, clientActive: clients.isActive })
    .from(users)
    .innerJoin(clients, eq(clients.id, users.clientId))
    .where(and(eq(users.email, email), isNull(users.deletedAt)))
    .get();

/** A living account with its tenant's state. */
export const findAccount = (db: Database, userId: string) =>
  db
    .select({ user: users, clientActive: clients.isActive })
    .from(users)
    .innerJoin(clients, eq(clients.id, users.clientId))
    .where(and(eq(users.id, userId), isNull(users.deletedAt)))
    .get();

export const findUser = (db: Database, userId: string) =>
  db
    .select()
    .from(users)
    .where(and(eq(users.id, userId), isNull(users.deletedAt)))
    .get();

export const permissionsOf = async (db: Database, userId: string): Promise<string[]> => {
  const rows = await db
    .select({ name: userPermissions.permission })
    .from(userPermissions)
    .where(eq(userPermissions.userId, userId));
  return rows.map(({ name }) => name);
};

/** Account, profile and free subscription, for one batch. */
export const newUserStatements = (
  db: Database,
  user: typeof users.$inferInsert,
  profile: { firstName?: string; lastName?: string; company?: string },
  subscriptionId: string,
) =>
  [
    db.insert(users).values(user),
    db
      .insert(userProfiles)
      .values({ userId: user.id, ...profile, preferences: {}, updatedAt: user.createdAt }),
    db.insert(subscriptions).values({
      id: subscriptionId,
      userId: user.id,
      tier: user.tier ?? "free",
      status: "active",
      startDate: user.createdAt,
      createdAt: user.createdAt,
      updatedAt: user.createdAt,
    }),
  ] as const;

export const findClient = (db: Database, clientId: string) =>
  db.select().from(clients).where(eq(clients.id, clientId)).get();

export const findProfile = (db: Database, userId: string) =>
  db
    .select({ profile: userProfiles, user: users })
    .from(userProfiles)
    .innerJoin(users, eq(users.id, userProfiles.userId))
    .where(and(eq(userProfiles.userId, userId), isNull(users.deletedAt)))
    .get();

export const updateProfileRow = (db: Database, userId: string, change: UpdateProfile, now: number) =>
  db
    .update(userProfiles)
    .set({
      firstName: change.first_name,
      lastName: change.last_name,
      company: change.company,
      phone: change.phone,
      preferences: change.preferences,
      updatedAt: now,
    })
    .where(eq(userProfiles.userId, userId));

/** Stores the same password under newer parameters, if the old hash is still the one that was checked. */
export const replacePasswordHash = (db: Database, user: Pick<UserRow, "id" | "passwordHash">, hash: string) =>
  db
    .update(users)
    .set({ passwordHash: hash })
    .where(and(eq(users.id, user.id), eq(users.passwordHash, user.passwordHash)));

/**
 * Sets another password, if the old hash is still the one that was known; with
 * `mustChange` the next sign-in only leads to choosing a new one.
 */
export const updatePassword = (
  db: Database,
  user: Pick<UserRow, "id" | "passwordHash">,
  {
    hash,
    now,
    mustChange = false,
    provesAddress = false,
  }: { hash: string; now: number; mustChange?: boolean; provesAddress?: boolean },
  when?: SQL,
) =>
  db
    .update(users)
    .set({
      passwordHash: hash,
      mustChangePassword: mustChange,
      updatedAt: now,
      ...(provesAddress ? { emailVerified: true } : {}),
    })
    .where(
      and(eq(users.id, user.id), eq(users.passwordHash, user.passwordHash), isNull(users.deletedAt), when),
    );

export const markEmailVerified = (db: Database, userId: string, now: number, when?: SQL) =>
  db
    .update(users)
    .set({ emailVerified: true, updatedAt: now })
    .where(and(eq(users.id, userId), isNull(users.deletedAt), when));

export const setAvatarUrl = (db: Database, userId: string, avatarUrl: string, now: number) =>
  db.update(userProfiles).set({ avatarUrl, updatedAt: now }).where(eq(userProfiles.userId, userId));

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

/** Accounts deleted before a time whose personal data is still there. */
export const usersToScrub = (db: Database, deletedBefore: number, limit: number) =>
  db
    .select({ id: users.id, clientId: users.clientId })
    .from(users)
    // Written out as the partial index has it, so that it serves.
    .where(sql`deleted_at IS NOT NULL AND scrubbed_at IS NULL AND ${users.deletedAt} < ${deletedBefore}`)
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
