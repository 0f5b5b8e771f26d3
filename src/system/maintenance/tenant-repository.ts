import { eq, gte } from "drizzle-orm";
import type { Database } from "#src/db/client.ts";
import { sessions, users } from "#src/db/schema/index.ts";

/**
 * Tenants of accounts that have signed in, or gone on with a session, since a time. Whoever has a socket is of one of
 * them, if that is as long ago as an access token lives: a socket ends with its token.
 */
export const tenantsSeenSince = async (db: Database, since: number, limit: number): Promise<string[]> => {
  const rows = await db
    .selectDistinct({ clientId: users.clientId })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(gte(sessions.lastUsedAt, since))
    .limit(limit);
  return rows.map(({ clientId }) => clientId);
};
