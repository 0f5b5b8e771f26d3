import { sql } from "drizzle-orm";
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
