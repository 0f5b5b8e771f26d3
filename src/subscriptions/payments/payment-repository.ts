import { and, desc, eq, inArray, isNotNull, sql } from "drizzle-orm";
import type { Database } from "#src/db/client.ts";
import { payments, subscriptions, users } from "#src/db/schema/index.ts";
import type { PageRequest } from "#src/http/page.ts";
import type { Movement } from "#src/providers/index.ts";

/** Adds what has moved to the ledger, each once; the statement takes a hundred and no more. */
export const recordMovements = (
  db: Database,
  userId: string,
  externalId: string | null,
  movements: readonly Movement[],
) =>
  movements.map(({ id, kind, amount, currency, at }) =>
    db.insert(payments).values({ id, kind, userId, externalId, amount, currency, at }).onConflictDoNothing(),
  );

/** A user with their subscription, by the user's id. */
export const subscriberById = (db: Database, userId: string) =>
  db
    .select({ user: users, subscription: subscriptions })
    .from(users)
    .innerJoin(subscriptions, eq(subscriptions.userId, users.id))
    .where(eq(users.id, userId))
    .get();

/** What is billed of somebody who pays, by the payment provider's id of them. */
export const billedIdOfCustomer = async (db: Database, customerId: string): Promise<string | undefined> =>
  (
    await db
      .select({ externalId: subscriptions.externalId })
      .from(subscriptions)
      .where(and(eq(subscriptions.customerId, customerId), isNotNull(subscriptions.customerId)))
      .limit(1)
      .get()
  )?.externalId ?? undefined;

/** Subscriptions of which the provider does not know how they go on, the longest waiting first. */
export const untoldSubscriptions = (db: Database, limit: number) =>
  db
    .select()
    .from(subscriptions)
    .where(isNotNull(subscriptions.untoldSince))
    .orderBy(subscriptions.untoldSince)
    .limit(limit);

/** The provider knows how a subscription goes on, as it was read. */
export const noteTold = (db: Database, { id, revision }: { id: string; revision: number }) =>
  db
    .update(subscriptions)
    .set({ untoldSince: null })
    .where(and(eq(subscriptions.id, id), eq(subscriptions.revision, revision)));

/** A user's charges and refunds, newest first; one more than the limit when there are more. */
export const pageOfPayments = (db: Database, userId: string, { after, limit }: PageRequest) =>
  db
    .select()
    .from(payments)
    .where(
      and(
        eq(payments.userId, userId),
        inArray(payments.kind, ["charge", "refund"]),
        after && sql`(${payments.at}, ${payments.id}) < (${after[0]}, ${after[1]})`,
      ),
    )
    .orderBy(desc(payments.at), desc(payments.id))
    .limit(limit + 1);
