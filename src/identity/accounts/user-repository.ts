import { and, eq, isNull, type SQL, sql } from "drizzle-orm";
import { hasRow } from "#src/db/batch-conditions.ts";
import type { Database } from "#src/db/client.ts";
import { clients, subscriptions, userPermissions, userProfiles, users } from "#src/db/schema/index.ts";
import type { UpdateProfile } from "../schemas.ts";

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

/** The profile of an account that is not deleted. */
const isLivingProfile = (userId: string) =>
  and(
    eq(userProfiles.userId, userId),
    sql`EXISTS (SELECT 1 FROM users AS living WHERE living.id = ${userId} AND living.deleted_at IS NULL)`,
  );

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
    .where(isLivingProfile(userId));

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

/** Holds while an account has this very hash; a hash is salted, so it tells which change was carried out. */
export const hasPasswordHash = (userId: string, hash: string): SQL =>
  sql`EXISTS (SELECT 1 FROM users AS changed WHERE changed.id = ${userId} AND changed.password_hash = ${hash})`;

export const markEmailVerified = (db: Database, userId: string, now: number, when?: SQL) =>
  db
    .update(users)
    .set({ emailVerified: true, updatedAt: now })
    .where(and(eq(users.id, userId), isNull(users.deletedAt), when));

const hasAddress = (userId: string, email: string) =>
  and(eq(users.id, userId), eq(users.email, email), isNull(users.deletedAt));

/** True while a living account has this e-mail address. */
export const hasEmail = (userId: string, email: string): SQL => hasRow(users, hasAddress(userId, email));

/** True while `updateEmail` would give it, if `allowed`: nobody has the address, and the account the one it was read with. */
export const canTakeEmail = (
  { id, email }: Pick<UserRow, "id" | "email">,
  next: string,
  allowed: SQL,
): SQL => {
  const isTaken = hasRow(users, and(eq(users.email, next), isNull(users.deletedAt)));
  return sql`${allowed} AND ${hasEmail(id, email)} AND NOT ${isTaken}`;
};

/** Gives an account another e-mail address, which has been proved, in place of the one it was read with. */
export const updateEmail = (
  db: Database,
  { id, email }: Pick<UserRow, "id" | "email">,
  next: string,
  now: number,
  when: SQL,
) =>
  db
    .update(users)
    .set({ email: next, emailVerified: true, updatedAt: now })
    .where(and(hasAddress(id, email), when));

const pointsTo = (userId: string, avatarUrl: string | null) =>
  and(isLivingProfile(userId), sql`${userProfiles.avatarUrl} IS ${avatarUrl}`);

/** True while a profile points to an avatar, or to none. */
export const hasAvatarUrl = (userId: string, avatarUrl: string | null): SQL =>
  hasRow(userProfiles, pointsTo(userId, avatarUrl));

/** True while the account lives. */
export const hasProfile = (userId: string): SQL => hasRow(userProfiles, isLivingProfile(userId));

/** Points a profile to another avatar, if it still points to the previous one. */
export const setAvatarUrl = (
  db: Database,
  userId: string,
  { previous, next }: { previous: string | null; next: string | null },
  now: number,
) => db.update(userProfiles).set({ avatarUrl: next, updatedAt: now }).where(pointsTo(userId, previous));
