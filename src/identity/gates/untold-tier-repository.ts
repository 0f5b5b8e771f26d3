import { sql } from "drizzle-orm";
import type { Database } from "#src/db/client.ts";
import { users } from "#src/db/schema/index.ts";
import type { Tier } from "#src/kernel/actor.ts";

/** A change of an account's tier that its access gate has not been told of. */
export interface UntoldTier {
  userId: string;
  clientId: string;
  tier: Tier;
  changedAt: number;
}

/** Changes of tiers that access gates have not been told of yet, of all accounts or of some. */
export async function tiersToTell(
  db: Database,
  limit: number,
  userIds?: readonly string[],
): Promise<UntoldTier[]> {
  const ofThem =
    userIds && sql` AND ${users.id} IN (SELECT value FROM json_each(${JSON.stringify(userIds)}))`;
  const rows = await db
    .select({
      userId: users.id,
      clientId: users.clientId,
      tier: users.tier,
      changedAt: users.tierUntoldSince,
    })
    .from(users)
    // Written out as the partial index has it, so that it serves.
    .where(sql`${users.tierUntoldSince} IS NOT NULL${ofThem}`)
    .limit(limit);
  return rows.flatMap(({ changedAt, ...row }) => (changedAt === null ? [] : { ...row, changedAt }));
}

/** Notes that the gates know of these changes; of a later one they still have to be told. */
export function markTiersTold(db: Database, changes: readonly UntoldTier[]) {
  const list = JSON.stringify(changes);
  return db
    .update(users)
    .set({ tierUntoldSince: null })
    .where(sql`${users.tierUntoldSince} IS NOT NULL
    AND EXISTS (SELECT 1 FROM json_each(${list}) AS told WHERE told.value ->> '$.userId' = ${users.id}
      AND told.value ->> '$.changedAt' = ${users.tierUntoldSince})`);
}
