import { and, eq, sql } from "drizzle-orm";
import type { PresentStaff } from "#src/conversations/index.ts";
import type { Database } from "#src/db/client.ts";
import { conversations, users } from "#src/db/schema/index.ts";
import { isHandling } from "#src/identity/index.ts";

/** Holders that conversations have, each found by one step in the index, however many conversations they hold. */
const holders = sql`
  WITH RECURSIVE holders(holder) AS (
    SELECT min(holder) FROM conversations WHERE substr(holder, 1, 5) = 'user:' AND erased_at IS NULL
    UNION ALL
    SELECT (SELECT min(conversations.holder) FROM conversations
      WHERE substr(holder, 1, 5) = 'user:' AND erased_at IS NULL AND conversations.holder > holders.holder)
    FROM holders WHERE holders.holder IS NOT NULL)`;

/** Some of the conversations that are held by people who may handle none any more. */
export const heldByNobodyThere = (db: Database, limit: number) =>
  db.all<{ id: string; clientId: string; holderId: string }>(sql`${holders}
    SELECT held.id, held.client_id AS clientId, substr(held.holder, 6) AS holderId
    FROM holders JOIN ${conversations} AS held ON held.holder = holders.holder
      AND substr(held.holder, 1, 5) = 'user:' AND held.erased_at IS NULL
    WHERE NOT EXISTS (SELECT 1 FROM ${users} WHERE ${users.id} = substr(holders.holder, 6) AND ${isHandling(db)})
    LIMIT ${limit}`);

/** Who of a tenant may handle its conversations: their ids, as many as are looked at. */
export const staffOf = async (db: Database, clientId: string, limit: number): Promise<string[]> =>
  (
    await db
      .select({ id: users.id })
      .from(users)
      .where(and(eq(users.clientId, clientId), isHandling(db)))
      .orderBy(users.id)
      .limit(limit)
  ).map(({ id }) => id);

/** What people hold: how many conversations that have not ended, and when the last of theirs has moved. */
export const holdingOf = (db: Database, ids: readonly string[]) =>
  db.all<PresentStaff>(sql`
    SELECT staff.value AS id,
      (SELECT count(*) FROM conversations WHERE substr(holder, 1, 5) = 'user:' AND erased_at IS NULL
        AND conversations.holder = 'user:' || staff.value AND conversations.status IN ('active', 'waiting')) AS open,
      coalesce((SELECT max(moved_at) FROM conversations WHERE substr(holder, 1, 5) = 'user:' AND erased_at IS NULL
        AND conversations.holder = 'user:' || staff.value), 0) AS lastAt
    FROM json_each(${JSON.stringify(ids)}) AS staff`);
