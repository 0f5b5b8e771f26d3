import { and, eq, exists, inArray, isNotNull, isNull, lte, notExists, sql } from "drizzle-orm";
import type { Database } from "#src/db/client.ts";
import {
  bans,
  conversations,
  oneTimeTokens,
  personaInstances,
  projects,
  runs,
  sessions,
  triggers,
  userPermissions,
  userProfiles,
  users,
} from "#src/db/schema/index.ts";

/** A deleted account, by what is needed to remove its data. */
export interface DeletedUser {
  id: string;
  clientId: string;
  email: string;
}

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

/** Conversations of an account that are still there, at most so many. */
export const conversationsOf = (db: Database, userId: string, limit: number) =>
  db
    .select({ id: conversations.id })
    .from(conversations)
    .where(and(eq(conversations.ownerId, userId), isNull(conversations.erasedAt)))
    .orderBy(conversations.movedAt, conversations.id)
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

/** Every persona instance that a user ever had. */
export const instancesOf = async (db: Database, userId: string): Promise<string[]> => {
  const rows = await db
    .select({ id: personaInstances.id })
    .from(personaInstances)
    .where(eq(personaInstances.ownerUserId, userId));
  return rows.map(({ id }) => id);
};

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
    db
      .update(projects)
      .set({ name: "deleted", description: "", isActive: false, updatedAt: now })
      .where(eq(projects.ownerId, userId)),
    db
      .update(personaInstances)
      .set({
        name: "deleted",
        config: {},
        isActive: false,
        deletedAt: sql`coalesce(${personaInstances.deletedAt}, ${now})`,
      })
      .where(eq(personaInstances.ownerUserId, userId)),
    db
      .delete(triggers)
      .where(
        inArray(
          triggers.instanceId,
          db
            .select({ id: personaInstances.id })
            .from(personaInstances)
            .where(eq(personaInstances.ownerUserId, userId)),
        ),
      ),
    db.delete(bans).where(eq(bans.personId, userId)),
    db.delete(sessions).where(eq(sessions.userId, userId)),
    db.delete(oneTimeTokens).where(eq(oneTimeTokens.userId, userId)),
    db.delete(userPermissions).where(eq(userPermissions.userId, userId)),
  ] as const;
