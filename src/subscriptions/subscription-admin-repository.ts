import { and, desc, eq, inArray, ne, type SQL, sql } from "drizzle-orm";
import { hasRow, never } from "#src/db/batch-conditions.ts";
import type { Database } from "#src/db/client.ts";
import { subscriptions, users } from "#src/db/schema/index.ts";
import type { Tier } from "#src/kernel/actor.ts";
import type { ListSubscriptions } from "./schemas.ts";
import type { SubscriptionRow } from "./subscription-repository.ts";

/** One page of a tenant's subscriptions, or of all tenants', newest first, and how many match in all. */
export async function pageOfSubscriptions(
  db: Database,
  { limit, status, tier }: ListSubscriptions,
  clientId: string | undefined,
  skipped: number,
): Promise<{ rows: SubscriptionRow[]; total: number }> {
  const where = and(
    status === undefined ? undefined : eq(subscriptions.status, status),
    tier === undefined ? undefined : eq(subscriptions.tier, tier),
    clientId === undefined
      ? undefined
      : inArray(
          subscriptions.userId,
          db.select({ id: users.id }).from(users).where(eq(users.clientId, clientId)),
        ),
  );
  const [rows, [counted]] = await db.batch([
    db
      .select()
      .from(subscriptions)
      .where(where)
      .orderBy(desc(subscriptions.createdAt), desc(subscriptions.id))
      .limit(limit)
      .offset(skipped),
    db.select({ total: sql<number>`count(*)` }).from(subscriptions).where(where),
  ]);
  return { rows, total: counted?.total ?? 0 };
}

const stillAs = ({ id, revision }: Pick<SubscriptionRow, "id" | "revision">) =>
  and(eq(subscriptions.id, id), eq(subscriptions.revision, revision));

/** True while a subscription is stored as it was read. */
export const isStillAs = (before: SubscriptionRow): SQL => hasRow(subscriptions, stillAs(before));

/** True while `putSubscription` would store one: the user has `before`, or none. */
export const canBePut = (userId: string, before: SubscriptionRow | undefined): SQL =>
  before ? isStillAs(before) : sql`NOT ${hasRow(subscriptions, eq(subscriptions.userId, userId))}`;

/** Stores a user's subscription, in place of `before` if that is still what is stored; changes nothing otherwise. */
export const putSubscription = (db: Database, row: SubscriptionRow, before: SubscriptionRow | undefined) =>
  db
    .insert(subscriptions)
    .values(row)
    .onConflictDoUpdate({
      target: subscriptions.userId,
      set: row,
      setWhere: before ? stillAs(before) : never,
    });

/** Writes a changed subscription over the row it was made from; changes nothing when that is no longer stored. */
export const updateSubscriptionRow = (db: Database, before: SubscriptionRow, after: SubscriptionRow) =>
  db
    .update(subscriptions)
    .set({ ...after, revision: before.revision + 1 })
    .where(stillAs(before));

/** Makes a user's tier the subscription's, if `when` holds; its access gate is told afterwards. */
export const giveTier = (db: Database, userId: string, tier: Tier, now: number, when: SQL) =>
  db
    .update(users)
    .set({ tier, tierUntoldSince: now, updatedAt: now })
    .where(and(eq(users.id, userId), ne(users.tier, tier), when));

/** Subscriptions whose trial or term is over, with whose they are. */
export const lapsedSubscriptions = (db: Database, now: number, limit: number) =>
  db
    .select({ subscription: subscriptions, user: users })
    .from(subscriptions)
    .innerJoin(users, eq(users.id, subscriptions.userId))
    .where(
      // Written out as the partial indexes have it, so that they serve.
      sql`(${subscriptions.status} = 'trialing' AND ${subscriptions.trialEndsAt} <= ${now})
        OR (${subscriptions.status} IN ('active', 'past_due', 'canceled') AND ${subscriptions.endDate} <= ${now})`,
    )
    .limit(limit);
