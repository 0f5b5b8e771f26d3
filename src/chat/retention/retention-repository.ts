import { eq, sql } from "drizzle-orm";
import type { Database } from "#src/db/client.ts";
import { clients, conversations } from "#src/db/schema/index.ts";
import { dayMs } from "#src/kernel/clock.ts";

/** Conversations of one tenant that one go takes, so that none holds up another. */
const mostOfTenant = 20;

/** What ended so many days ago, as a setting of its tenant says; the oldest of each tenant. */
const endedLongAgo = (condition: ReturnType<typeof sql>, days: ReturnType<typeof sql>, now: number) => sql`
  ${conversations}.rowid IN (
    SELECT ended.rowid FROM conversations AS ended
    WHERE ended.client_id = ${clients.id} AND ${condition} AND ended.ended_at <= ${now} - ${days} * ${dayMs}
    ORDER BY ended.ended_at LIMIT ${mostOfTenant})`;

interface Due {
  id: string;
  clientId: string;
  endedAt: number | null;
}

const due = (db: Database, where: ReturnType<typeof sql>, most: number): Promise<Due[]> =>
  db
    .select({ id: conversations.id, clientId: conversations.clientId, endedAt: conversations.endedAt })
    .from(clients)
    .innerJoin(conversations, where)
    .limit(most)
    .all();

/** Conversations that are to move to the archive. */
export const conversationsToArchive = (db: Database, now: number, most: number) =>
  due(
    db,
    endedLongAgo(
      sql`ended.status = 'ended' AND ended.erased_at IS NULL AND ended.archived_at IS NULL`,
      sql`coalesce(json_extract(${clients.settings}, '$.archive_after_days'), 180)`,
      now,
    ),
    most,
  );

/** Conversations that are kept no longer; none of tenants who keep them for good. */
export const conversationsToErase = (db: Database, now: number, most: number) => {
  const days = sql`json_extract(${clients.settings}, '$.retention_days')`;
  const ended = sql`ended.status = 'ended' AND ended.erased_at IS NULL`;
  return due(db, sql`${days} > 0 AND ${endedLongAgo(ended, days, now)}`, most);
};

/** A conversation has moved to the archive. */
export const markArchived = (db: Database, id: string, now: number) =>
  db.update(conversations).set({ archivedAt: now }).where(eq(conversations.id, id));
