import { and, desc, eq, getTableColumns, isNull, sql } from "drizzle-orm";
import { hasRow } from "#src/db/batch-conditions.ts";
import type { Database } from "#src/db/client.ts";
import { insertWhere } from "#src/db/insert-select.ts";
import { clients, personaChats, personaInstances, users, widgets } from "#src/db/schema/index.ts";
import { columnsOf } from "#src/http/columns-of.ts";
import type { PageRequest } from "#src/http/page.ts";
import type { ChangedWidget } from "./schemas.ts";

export type WidgetRow = typeof widgets.$inferSelect;

/** Widgets that a tenant may have. */
export const maxWidgets = 100;

/** What is shown of one: all but its secret. */
const { secret: _, ...shown } = getTableColumns(widgets);

/** One of a tenant; of any where none is given. */
const one = (clientId: string | undefined, id: string) =>
  and(eq(widgets.id, id), clientId === undefined ? undefined : eq(widgets.clientId, clientId));

/** A tenant's widgets, newest first; one more than the limit when there are more. */
export const pageWidgets = (db: Database, clientId: string, { after, limit }: PageRequest) =>
  db
    .select(shown)
    .from(widgets)
    .where(
      and(
        eq(widgets.clientId, clientId),
        after && sql`(${widgets.createdAt}, ${widgets.id}) < (${after[0]}, ${after[1]})`,
      ),
    )
    .orderBy(desc(widgets.createdAt), desc(widgets.id))
    .limit(limit + 1);

export const findWidget = (db: Database, clientId: string | undefined, id: string) =>
  db.select(shown).from(widgets).where(one(clientId, id)).get();

const livingInstance = (clientId: string, id: string) =>
  and(
    eq(personaInstances.id, id),
    eq(personaInstances.clientId, clientId),
    isNull(personaInstances.deletedAt),
  );

export const isInstanceOf = async (db: Database, clientId: string, id: string): Promise<boolean> =>
  (await db.$count(personaInstances, livingInstance(clientId, id))) > 0;

/** Writes a widget of a persona that is there, while the tenant may have more; false when it may not. */
export async function insertWidget(db: Database, row: WidgetRow): Promise<boolean> {
  const all = db.$count(widgets, eq(widgets.clientId, row.clientId));
  const isThere = hasRow(personaInstances, livingInstance(row.clientId, row.instanceId));
  const inserted = await insertWhere(db, widgets, row, and(sql`${all} < ${maxWidgets}`, isThere));
  return inserted.meta.changes > 0;
}

/** Changes a widget that is there; the changed row comes back. */
export const updateWidgetRow = (
  db: Database,
  clientId: string | undefined,
  id: string,
  change: ChangedWidget | { secret: string },
  now: number,
) =>
  db
    .update(widgets)
    .set({ ...columnsOf(change), updatedAt: now })
    .where(one(clientId, id))
    .returning(shown);

export const deleteWidgetRow = (db: Database, clientId: string | undefined, id: string) =>
  db.delete(widgets).where(one(clientId, id)).returning(shown);

/** A widget as a page opens it, with the persona that it is of as far as visitors may know it. */
export const findWidgetByKey = (db: Database, key: string) =>
  db
    .select({
      widget: widgets,
      isActive: personaInstances.isActive,
      ownerTier: users.tier,
      chat: personaChats,
    })
    .from(widgets)
    .innerJoin(personaInstances, eq(personaInstances.id, widgets.instanceId))
    .innerJoin(users, eq(users.id, personaInstances.ownerUserId))
    .innerJoin(clients, eq(clients.id, widgets.clientId))
    .innerJoin(personaChats, eq(personaChats.instanceId, widgets.instanceId))
    .where(
      and(
        eq(widgets.key, key),
        eq(widgets.enabled, true),
        eq(clients.isActive, true),
        eq(personaChats.enabled, true),
        eq(personaChats.audience, "public"),
        isNull(personaInstances.deletedAt),
        isNull(users.deletedAt),
        eq(users.isActive, true),
      ),
    )
    .get();

/** The newest widget of all for a page: looked for among all there are, as only development asks for it. */
export const newestWidgetFor = (db: Database, origin: string) =>
  db
    .select({ key: widgets.key })
    .from(widgets)
    .where(
      and(
        eq(widgets.enabled, true),
        sql`EXISTS (SELECT 1 FROM json_each(${widgets.origins}) WHERE value = ${origin})`,
      ),
    )
    .orderBy(desc(widgets.createdAt), desc(widgets.id))
    .limit(1)
    .get();
