import { and, desc, eq, gt, isNull, lt, ne, sql } from "drizzle-orm";
import { hasRow } from "#src/db/batch-conditions.ts";
import type { Database } from "#src/db/client.ts";
import { insertSelect } from "#src/db/insert-select.ts";
import { removeInPieces } from "#src/db/remove-in-pieces.ts";
import { bans, clients, conversations, visitors, visitorTokens, widgets } from "#src/db/schema/index.ts";
import type { Visit } from "#src/kernel/actor.ts";

export type VisitorRow = typeof visitors.$inferSelect;
export type VisitorTokenRow = typeof visitorTokens.$inferSelect;

/** Whether somebody may come in by a widget still: both are there, and the tenant is. */
export const isVisitInForce = async (
  db: Database,
  clientId: string,
  { visitorId, widgetId }: Pick<Visit, "visitorId" | "widgetId">,
): Promise<boolean> =>
  (await db
    .select({ id: visitors.id })
    .from(visitors)
    .innerJoin(widgets, eq(widgets.id, visitors.widgetId))
    .innerJoin(clients, eq(clients.id, visitors.clientId))
    .where(
      and(
        eq(visitors.id, visitorId),
        eq(visitors.clientId, clientId),
        eq(visitors.widgetId, widgetId),
        eq(widgets.enabled, true),
        eq(clients.isActive, true),
      ),
    )
    .get()) !== undefined;

/** The hours of a visitor's widget; null where it has none. */
export const hoursOfVisitor = async (db: Database, visitorId: string) =>
  (
    await db
      .select({ hours: widgets.hours })
      .from(visitors)
      .innerJoin(widgets, eq(widgets.id, visitors.widgetId))
      .where(eq(visitors.id, visitorId))
      .get()
  )?.hours ?? null;

/** Whose token it is, while it is good. */
export const findByToken = (db: Database, widgetId: string, hash: string, now: number) =>
  db
    .select({ id: visitors.id, externalId: visitors.externalId })
    .from(visitorTokens)
    .innerJoin(visitors, eq(visitors.id, visitorTokens.visitorId))
    .where(
      and(
        eq(visitorTokens.widgetId, widgetId),
        eq(visitorTokens.hash, hash),
        gt(visitorTokens.expiresAt, now),
        eq(visitors.widgetId, widgetId),
      ),
    )
    .get();

export const findKnown = (db: Database, widgetId: string, externalId: string) =>
  db
    .select({ id: visitors.id })
    .from(visitors)
    .where(and(eq(visitors.widgetId, widgetId), eq(visitors.externalId, externalId)))
    .get();

/** Somebody new; who is known by their identity already is only seen again. */
export const putVisitor = (db: Database, row: VisitorRow) =>
  db
    .insert(visitors)
    .values(row)
    .onConflictDoUpdate({
      target: [visitors.widgetId, visitors.externalId],
      set: { name: row.name, email: row.email, seenAt: row.seenAt },
    });

/** A token of the visitor who has an id, or is known by an identity. */
export const insertToken = (
  db: Database,
  { visitorId, ...row }: VisitorTokenRow,
  externalId: string | null,
) =>
  insertSelect(
    db,
    visitorTokens,
    { ...row, visitorId: sql`${visitors.id}` },
    sql`FROM ${visitors} WHERE ${
      externalId === null
        ? eq(visitors.id, visitorId)
        : and(eq(visitors.widgetId, row.widgetId), eq(visitors.externalId, externalId))
    }`,
  );

/** Somebody is here again; where an identity says who they are, by what it says now. */
export const seeVisitor = (
  db: Database,
  id: string,
  seen: Pick<VisitorRow, "seenAt"> & Partial<Pick<VisitorRow, "name" | "email">>,
) => db.update(visitors).set(seen).where(eq(visitors.id, id));

/** Gives somebody who was not known a name, unless another visitor has it: theirs is what they said before. */
export const knowVisitor = (
  db: Database,
  { id, widgetId, externalId, name, email, seenAt }: Omit<VisitorRow, "clientId" | "createdAt">,
) => {
  const another = and(
    eq(visitors.widgetId, widgetId),
    sql`${visitors.externalId} = ${externalId}`,
    ne(visitors.id, id),
  );
  return db
    .update(visitors)
    .set({ externalId, name, email, seenAt })
    .where(and(eq(visitors.id, id), isNull(visitors.externalId), sql`NOT ${hasRow(visitors, another)}`));
};

/** How long a token is good from now on, and the identity that says so; of one that an identity has named, only where it has. */
export const keepToken = (
  db: Database,
  { widgetId, hash }: Pick<VisitorTokenRow, "widgetId" | "hash">,
  kept: Pick<VisitorTokenRow, "expiresAt"> & Partial<Pick<VisitorTokenRow, "identityId">>,
  named?: { id: string; externalId: string },
) =>
  db
    .update(visitorTokens)
    .set(kept)
    .where(
      and(
        eq(visitorTokens.widgetId, widgetId),
        eq(visitorTokens.hash, hash),
        named && hasRow(visitors, and(eq(visitors.id, named.id), eq(visitors.externalId, named.externalId))),
      ),
    );

/** The conversation that a visitor goes on with: their newest that has not ended. */
export const findOpenConversation = (db: Database, clientId: string, visitorId: string) =>
  db
    .select({ id: conversations.id })
    .from(conversations)
    .where(
      and(
        eq(conversations.ownerId, visitorId),
        eq(conversations.clientId, clientId),
        eq(conversations.ownerKind, "visitor"),
        isNull(conversations.erasedAt),
        ne(conversations.status, "ended"),
      ),
    )
    .orderBy(desc(conversations.movedAt), desc(conversations.id))
    .limit(1)
    .get();

/** Forgets tokens that have run out, and so the identities that opened them. */
export const forgetVisitorTokens = (db: Database, now: number) =>
  removeInPieces(db, visitorTokens, lt(visitorTokens.expiresAt, now));

/** Conversations of visitors in which nothing was said since, the longest quiet first. */
export const quietConversations = (db: Database, before: number, most: number) =>
  db
    .select({ id: conversations.id, clientId: conversations.clientId })
    .from(conversations)
    .where(and(sql`owner_kind = 'visitor' AND erased_at IS NULL`, lt(conversations.movedAt, before)))
    .orderBy(conversations.movedAt)
    .limit(most);

/** Forgets visitors who were not here since, and have no conversation any more. @returns how many */
export const forgetUnseenVisitors = (db: Database, before: number) =>
  removeInPieces(
    db,
    visitors,
    and(
      lt(visitors.seenAt, before),
      sql`NOT ${hasRow(conversations, and(eq(conversations.ownerId, visitors.id), isNull(conversations.erasedAt)))}`,
    ),
  );

/** Forgets bans of visitors who are forgotten. @returns how many */
export const forgetBansOfVisitors = (db: Database) =>
  removeInPieces(
    db,
    bans,
    sql`person_kind = 'visitor' AND NOT ${hasRow(visitors, eq(visitors.id, bans.personId))}`,
  );
