import { sql } from "drizzle-orm";
import type { Database } from "#src/db/client.ts";
import { users } from "#src/db/schema/index.ts";

/** The tiers of accounts, by their ids; who has no account has none. */
export async function tiersOf(db: Database, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .select({ id: users.id, tier: users.tier })
    .from(users)
    .where(sql`${users.id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`);
  return new Map(rows.map(({ id, tier }) => [id, tier]));
}
