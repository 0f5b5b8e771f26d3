import { and, asc, eq, isNull, sql } from "drizzle-orm";
import type { Database } from "#src/db/client.ts";
import {
  personaInstances,
  projects,
  runs,
  subscriptions,
  subscriptionTiers,
  users,
} from "#src/db/schema/index.ts";

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

/** What counts against a user's quotas; content since `periodStart`. */
export async function countUsage(db: Database, userId: string, periodStart: number) {
  const [[personas], [ownProjects], [content]] = await db.batch([
    db
      .select({ count: sql<number>`count(*)` })
      .from(personaInstances)
      .where(and(eq(personaInstances.ownerUserId, userId), isNull(personaInstances.deletedAt))),
    db
      .select({ count: sql<number>`count(*)` })
      .from(projects)
      .where(and(eq(projects.ownerId, userId), eq(projects.isActive, true))),
    db
      .select({ count: sql<number>`count(*)` })
      .from(runs)
      .where(
        and(
          eq(runs.userId, userId),
          eq(runs.status, "completed"),
          sql`${runs.completedAt} >= ${periodStart}`,
        ),
      ),
  ]);
  return { personas: personas?.count ?? 0, projects: ownProjects?.count ?? 0, content: content?.count ?? 0 };
}
