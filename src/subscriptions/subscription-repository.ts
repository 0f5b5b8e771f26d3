import { and, asc, eq, isNull, sql } from "drizzle-orm";
import type { Database } from "#src/db/client.ts";
import { personaInstances, projects, subscriptions, subscriptionTiers, users } from "#src/db/schema/index.ts";

export type SubscriptionRow = typeof subscriptions.$inferSelect;
export type TierRow = typeof subscriptionTiers.$inferSelect;

export const findSubscription = (db: Database, userId: string) =>
  db.select().from(subscriptions).where(eq(subscriptions.userId, userId)).get();

/** Tiers, cheapest first. */
export const allTiers = (db: Database) =>
  db.select().from(subscriptionTiers).orderBy(asc(subscriptionTiers.monthlyCents));

/** The tier that a user's limits come from. */
export const tierOfUser = async (db: Database, userId: string): Promise<TierRow | undefined> =>
  (
    await db
      .select({ tier: subscriptionTiers })
      .from(users)
      .innerJoin(subscriptionTiers, eq(subscriptionTiers.name, users.tier))
      .where(eq(users.id, userId))
      .get()
  )?.tier;

/** What a user has that counts against quotas. */
export async function countPossessions(db: Database, userId: string) {
  const [[personas], [ownProjects]] = await db.batch([
    db
      .select({ count: sql<number>`count(*)` })
      .from(personaInstances)
      .where(and(eq(personaInstances.ownerUserId, userId), isNull(personaInstances.deletedAt))),
    db
      .select({ count: sql<number>`count(*)` })
      .from(projects)
      .where(and(eq(projects.ownerId, userId), eq(projects.isActive, true))),
  ]);
  return { personas: personas?.count ?? 0, projects: ownProjects?.count ?? 0 };
}
