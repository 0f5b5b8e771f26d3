import { and, desc, eq, isNull, sql } from "drizzle-orm";
import type { Database } from "#src/db/client.ts";
import { insertRows, type JsonRow } from "#src/db/json-rows.ts";
import { conversations } from "#src/db/schema/index.ts";
import type { PageRequest } from "#src/http/page.ts";
import type { Person } from "#src/kernel/actor.ts";
import type { ConversationView } from "#src/objects/conversation-api.ts";
import type { ConversationMessage } from "#src/objects/conversation-message.ts";

export type ConversationRow = typeof conversations.$inferSelect;

/** What lists go by, the latest first. */
export const listSorts = ["last_message_at", "started_at"] as const;
type ListSort = (typeof listSorts)[number];

/** When a conversation began never changes: in that order each stands where it stood, whoever writes meanwhile. */
const timeOf = (sort: ListSort) => (sort === "started_at" ? conversations.startedAt : conversations.movedAt);

/** Where a row stands in a list. */
export const placeIn =
  (sort: ListSort) =>
  ({ startedAt, movedAt, id }: ConversationRow): [number, string] => [
    sort === "started_at" ? startedAt : movedAt,
    id,
  ];

/** What a list goes by, and which of its rows are left out. */
export interface OwnFilter {
  sort: ListSort;
  status?: ConversationView["status"];
  instanceId?: string;
  projectId?: string;
}

const isThere = isNull(conversations.erasedAt);

/** The caller's own conversations, newest first; one more than the limit when there are more. */
export function pageOwn(
  db: Database,
  { clientId, id: ownerId }: Person,
  { sort, status, instanceId, projectId }: OwnFilter,
  { after, limit }: PageRequest,
) {
  const at = timeOf(sort);
  return db
    .select()
    .from(conversations)
    .where(
      and(
        eq(conversations.ownerId, ownerId),
        eq(conversations.clientId, clientId),
        isThere,
        status === undefined ? undefined : eq(conversations.status, status),
        instanceId === undefined ? undefined : eq(conversations.instanceId, instanceId),
        projectId === undefined ? undefined : eq(conversations.projectId, projectId),
        after && sql`(${at}, ${conversations.id}) < (${after[0]}, ${after[1]})`,
      ),
    )
    .orderBy(desc(at), desc(conversations.id))
    .limit(limit + 1);
}

/** Who holds a conversation: the persona, the queue that waits for a person, or a person. */
export const holderKinds = ["persona", "queue", "user"] as const;

export interface StaffFilter {
  clientId: string;
  userId?: string;
  instanceId?: string;
  adminId?: string;
  status?: ConversationView["status"];
  holder?: (typeof holderKinds)[number];
  /** Whether there is something that its owner has not read. */
  isUnread?: boolean;
  /** Whether a rule has marked something in it that nobody has decided on. */
  isFlagged?: boolean;
  start?: number;
  end?: number;
  /** Which ones alone are looked at: each is looked up by itself. */
  among?: readonly string[];
}

const fitting = ({
  clientId,
  userId,
  instanceId,
  adminId,
  status,
  holder,
  isUnread,
  isFlagged,
  start,
  end,
  among,
}: StaffFilter) =>
  and(
    among === undefined
      ? eq(conversations.clientId, clientId)
      : sql`+${conversations.clientId} = ${clientId} AND ${conversations.id} IN (SELECT value FROM json_each(${JSON.stringify(among)}))`,
    isThere,
    userId === undefined ? undefined : eq(conversations.ownerId, userId),
    instanceId === undefined ? undefined : eq(conversations.instanceId, instanceId),
    adminId === undefined ? undefined : eq(conversations.adminId, adminId),
    status === undefined ? undefined : eq(conversations.status, status),
    holderIs(holder),
    isUnread === undefined ? undefined : sql`(${conversations.unread} > 0) = ${isUnread ? 1 : 0}`,
    flaggedIs(isFlagged),
    start === undefined ? undefined : sql`${conversations.movedAt} >= ${start}`,
    end === undefined ? undefined : sql`${conversations.movedAt} < ${end}`,
  );

/**
 * Conversations of a tenant, newest first; one more than the limit when there are more.
 * @param skipped so many come before, where the page is asked for by its number
 */
export const pageOfTenant = (
  db: Database,
  filter: StaffFilter,
  { after, limit }: PageRequest,
  skipped: number,
  sort: ListSort = "last_message_at",
) => {
  const at = timeOf(sort);
  return db
    .select()
    .from(conversations)
    .where(and(fitting(filter), after && sql`(${at}, ${conversations.id}) < (${after[0]}, ${after[1]})`))
    .orderBy(desc(at), desc(conversations.id))
    .limit(limit + 1)
    .offset(skipped);
};

/** So many are counted. */
export const mostCounted = 10_000;

/** How many conversations of a tenant fit; one more than are counted where there are more. */
export async function countOfTenant(db: Database, filter: StaffFilter): Promise<number> {
  const { total } = await db.get<{ total: number }>(
    sql`SELECT count(*) AS total FROM (SELECT 1 FROM ${conversations} WHERE ${fitting(filter)} LIMIT ${mostCounted + 1})`,
  );
  return total;
}

/** Conversations of a tenant that wait for a person, the one that has waited longest first. */
export const waitingOf = (db: Database, clientId: string, limit: number) =>
  db
    .select({ id: conversations.id })
    .from(conversations)
    .where(
      and(
        eq(conversations.clientId, clientId),
        isThere,
        sql`holder = 'queue'`,
        eq(conversations.status, "waiting"),
      ),
    )
    .orderBy(conversations.movedAt, conversations.id)
    .limit(limit);

/** Who holds a conversation by now, before its own copy says so: whoever counts knows. */
export const noteHolder = (db: Database, { id, holder, adminId, status, lastMessageAt }: ConversationView) =>
  db
    .update(conversations)
    .set({ holder, adminId, status, ...(lastMessageAt !== null && { movedAt: lastMessageAt }) })
    .where(and(eq(conversations.id, id), isThere));

/** The tenant of a conversation, as far as the lists know it. */
export const tenantOfConversation = async (db: Database, id: string): Promise<string | undefined> =>
  (
    await db
      .select({ clientId: conversations.clientId })
      .from(conversations)
      .where(eq(conversations.id, id))
      .get()
  )?.clientId;

/** Those that wait are found by an index of their own, which the condition has to name as it is. */
function holderIs(holder: StaffFilter["holder"]) {
  switch (holder) {
    case undefined:
      return undefined;
    case "queue":
      return sql`holder = 'queue'`;
    case "persona":
      return eq(conversations.holder, holder);
    case "user":
      return sql`substr(${conversations.holder}, 1, 5) = 'user:'`;
  }
}

/** Those with something marked have an index of their own as well. */
const flaggedIs = (isFlagged: boolean | undefined) => {
  if (isFlagged === undefined) return undefined;
  return isFlagged ? sql`flagged > 0` : sql`flagged = 0`;
};

/** How many conversations somebody has that have not ended; counted up to a bound. */
export async function countOpen(
  db: Database,
  { clientId, id: ownerId }: Person,
  bound: number,
): Promise<number> {
  const own = and(eq(conversations.ownerId, ownerId), eq(conversations.clientId, clientId), isThere);
  const open = sql`SELECT 1 FROM ${conversations} WHERE ${own} AND ${conversations.status} <> 'ended'`;
  const { total } = await db.get<{ total: number }>(
    sql`SELECT count(*) AS total FROM (${open} LIMIT ${bound})`,
  );
  return total;
}

const rowOf = ({ type, last_message, ...copy }: ConversationMessage): JsonRow<typeof conversations> => ({
  ...copy,
  archived_at: null,
  last_role: last_message?.role ?? null,
  last_preview: last_message?.preview ?? null,
  moved_at: copy.last_message_at ?? copy.started_at,
});

const excluded = (column: string) => sql.raw(`excluded.${column}`);

/** Writes copies of conversations, each unless a newer one is there, or it was erased. */
export const putCopies = (db: Database, copies: readonly ConversationMessage[]) =>
  insertRows(db, conversations, copies.map(rowOf)).map((insert) =>
    insert.onConflictDoUpdate({
      target: conversations.id,
      set: {
        revision: excluded("revision"),
        projectId: excluded("project_id"),
        title: excluded("title"),
        status: excluded("status"),
        holder: excluded("holder"),
        adminId: excluded("admin_id"),
        lastSeq: excluded("last_seq"),
        unread: excluded("unread"),
        muted: excluded("muted"),
        lastRole: excluded("last_role"),
        lastPreview: excluded("last_preview"),
        lastMessageAt: excluded("last_message_at"),
        endedAt: excluded("ended_at"),
        flagged: excluded("flagged"),
        erasedAt: excluded("erased_at"),
        movedAt: excluded("moved_at"),
      },
      setWhere: sql`${conversations.revision} < excluded.revision AND ${conversations.erasedAt} IS NULL`,
    }),
  );
