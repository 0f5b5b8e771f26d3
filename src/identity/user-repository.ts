import { and, eq, isNull } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { clients, subscriptions, userPermissions, userProfiles, users } from "../db/schema/index.ts";
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
    .select({ profile: userProfiles, email: users.email })
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

/** Stores a new hash, if the old one is still the one that was checked. */
export const replacePasswordHash = (
  db: Database,
  user: Pick<UserRow, "id" | "passwordHash">,
  hash: string,
  now: number,
) =>
  db
    .update(users)
    .set({ passwordHash: hash, updatedAt: now })
    .where(and(eq(users.id, user.id), eq(users.passwordHash, user.passwordHash)));

export const markEmailVerified = (db: Database, userId: string, now: number) =>
  db.update(users).set({ emailVerified: true, updatedAt: now }).where(eq(users.id, userId));
