import { and, desc, eq, sql } from "drizzle-orm";
import type { Database } from "#src/db/client.ts";
import { insertWhere } from "#src/db/insert-select.ts";
import { cannedReplies } from "#src/db/schema/index.ts";
import { columnsOf } from "#src/http/columns-of.ts";
import type { PageRequest } from "#src/http/page.ts";
import type { ChangedCannedReply } from "./schemas.ts";

export type CannedReplyRow = typeof cannedReplies.$inferSelect;

/** Replies that a tenant may have ready. */
export const maxCannedReplies = 1000;

/** One of a tenant; of any where none is given. */
const one = (clientId: string | undefined, id: string) =>
  and(eq(cannedReplies.id, id), clientId === undefined ? undefined : eq(cannedReplies.clientId, clientId));

/** A tenant's replies, newest first; one more than the limit when there are more. */
export const pageReplies = (
  db: Database,
  clientId: string,
  shortcut: string | undefined,
  { after, limit }: PageRequest,
) =>
  db
    .select()
    .from(cannedReplies)
    .where(
      and(
        eq(cannedReplies.clientId, clientId),
        shortcut === undefined ? undefined : eq(cannedReplies.shortcut, shortcut),
        after && sql`(${cannedReplies.createdAt}, ${cannedReplies.id}) < (${after[0]}, ${after[1]})`,
      ),
    )
    .orderBy(desc(cannedReplies.createdAt), desc(cannedReplies.id))
    .limit(limit + 1);

export const findReply = (db: Database, clientId: string | undefined, id: string) =>
  db.select().from(cannedReplies).where(one(clientId, id)).get();

/** Writes a reply while the tenant may have more; false when it may not. */
export async function insertReply(db: Database, row: CannedReplyRow): Promise<boolean> {
  const all = db.$count(cannedReplies, eq(cannedReplies.clientId, row.clientId));
  const inserted = await insertWhere(db, cannedReplies, row, sql`${all} < ${maxCannedReplies}`);
  return inserted.meta.changes > 0;
}

/** Changes a reply that is there; the changed row comes back. */
export const updateReply = (
  db: Database,
  clientId: string | undefined,
  id: string,
  change: ChangedCannedReply,
  now: number,
) =>
  db
    .update(cannedReplies)
    .set({ ...columnsOf(change), updatedAt: now })
    .where(one(clientId, id))
    .returning();

export async function deleteReply(db: Database, clientId: string | undefined, id: string): Promise<boolean> {
  return (await db.delete(cannedReplies).where(one(clientId, id))).meta.changes > 0;
}
