import { and, desc, eq, isNull, ne, type SQL, sql } from "drizzle-orm";
import { hasRow, never } from "#src/db/batch-conditions.ts";
import type { Database } from "#src/db/client.ts";
import { locations, orders, stock } from "#src/db/commerce/index.ts";
import type { ListRequest } from "../list-query.ts";

export type LocationRow = typeof locations.$inferSelect;

const living = (clientId: string, id: string) =>
  and(eq(locations.clientId, clientId), eq(locations.id, id), isNull(locations.deletedAt));

export const findLocation = (db: Database, clientId: string, id: string) =>
  db.select().from(locations).where(living(clientId, id)).get();

/** The location that is meant where none is named. */
export const findDefaultLocation = (db: Database, clientId: string) =>
  db
    .select()
    .from(locations)
    .where(and(eq(locations.clientId, clientId), sql`is_default = 1`))
    .get();

export const listLocationRows = (db: Database, clientId: string, { after, limit, offset }: ListRequest) =>
  db
    .select()
    .from(locations)
    .where(
      and(
        eq(locations.clientId, clientId),
        isNull(locations.deletedAt),
        after && sql`(${locations.createdAt}, ${locations.id}) < (${after[0]}, ${after[1]})`,
      ),
    )
    .orderBy(desc(locations.createdAt), desc(locations.id))
    .limit(limit + 1)
    .offset(offset);

/** Has no other location be the default than the one of this id; nothing where there is none. */
export const noOtherDefault = (db: Database, clientId: string, id: string | undefined) =>
  db
    .update(locations)
    .set({ isDefault: false })
    .where(
      and(
        eq(locations.clientId, clientId),
        sql`is_default = 1`,
        id === undefined ? never : ne(locations.id, id),
      ),
    );

/** Makes a location; the first of a tenant is its default whatever is said. */
export const insertLocation = (db: Database, row: LocationRow) =>
  db
    .insert(locations)
    .values({
      ...row,
      isDefault: row.isDefault
        ? true
        : sql`NOT EXISTS (SELECT 1 FROM locations WHERE client_id = ${row.clientId} AND is_default = 1)`,
    })
    .returning();

export const updateLocationRow = (
  db: Database,
  { id, clientId }: Pick<LocationRow, "id" | "clientId">,
  change: Partial<LocationRow>,
) => db.update(locations).set(change).where(living(clientId, id)).returning();

/** Whether nothing lies at a location, no order is to be fulfilled from it, and it is not the default. */
export const isLocationIdle = ({ id, clientId }: Pick<LocationRow, "id" | "clientId">): SQL =>
  sql`${hasRow(locations, and(living(clientId, id), eq(locations.isDefault, false)))}
    AND NOT ${hasRow(stock, and(eq(stock.locationId, id), sql`on_hand > 0`))}
    AND NOT ${hasRow(orders, and(eq(orders.locationId, id), sql`status IN ('pending', 'confirmed')`))}`;
