import { and, asc, eq, type SQL, sql } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import type { Database } from "#src/db/client.ts";
import { eventOutbox, stock, stockMovements } from "#src/db/commerce/index.ts";
import { insertSelect } from "#src/db/insert-select.ts";
import type { EventName } from "#src/kernel/event-catalogue.ts";
import { isOneOf } from "../ids-condition.ts";

export type StockRow = typeof stock.$inferSelect;

/** Which stock is meant, and how much of it there is to be: so many more, or so many. */
export interface Adjustment {
  clientId: string;
  productId: string;
  locationId: string;
  change?: number | undefined;
  counted?: number | undefined;
  /** Stays as it is where it is left out. */
  lowStockAt?: number | null | undefined;
}

const at = (productId: string, locationId: string) =>
  and(eq(stock.productId, productId), eq(stock.locationId, locationId));

export const findStock = (db: Database, productId: string, locationId: string) =>
  db.select().from(stock).where(at(productId, locationId)).get();

/** What there is of products at a location. */
export const stockOf = (db: Database, locationId: string, productIds: readonly string[]) =>
  db
    .select()
    .from(stock)
    .where(and(eq(stock.locationId, locationId), isOneOf(stock.productId, productIds)));

/** Where a product lies, by location; one more than the limit when there is more. */
export const listStockRows = (
  db: Database,
  productId: string,
  after: string | undefined,
  limit: number,
  offset: number,
) =>
  db
    .select()
    .from(stock)
    .where(
      and(
        eq(stock.productId, productId),
        after === undefined ? undefined : sql`${stock.locationId} > ${after}`,
      ),
    )
    .orderBy(asc(stock.locationId))
    .limit(limit + 1)
    .offset(offset);

const onHandNow = ({ productId, locationId }: Adjustment): SQL =>
  sql`coalesce((SELECT on_hand FROM ${stock} WHERE ${at(productId, locationId)}), 0)`;

/** By how much an adjustment changes what is there, in the statement that asks. */
const changeBy = (adjustment: Adjustment): SQL =>
  adjustment.counted === undefined
    ? sql`${adjustment.change ?? 0}`
    : sql`${adjustment.counted} - ${onHandNow(adjustment)}`;

/** Remembers what an adjustment changes; before `adjustStockRow`. */
export const insertMovement = (
  db: Database,
  adjustment: Adjustment,
  {
    reason,
    reference,
    actorId,
  }: Pick<typeof stockMovements.$inferInsert, "reason" | "reference" | "actorId">,
  now: number,
) =>
  insertSelect(
    db,
    stockMovements,
    {
      id: uuidv7({ msecs: now }),
      clientId: adjustment.clientId,
      productId: adjustment.productId,
      locationId: adjustment.locationId,
      change: changeBy(adjustment),
      reason,
      reference,
      actorId,
      createdAt: now,
    },
    sql`WHERE ${changeBy(adjustment)} <> 0`,
  );

/** Has a product be somewhere, if with none of it. */
export const ensureStockRow = (db: Database, { clientId, productId, locationId }: Adjustment) =>
  db
    .insert(stock)
    .values({ productId, locationId, clientId, onHand: 0, reserved: 0, lowStockAt: null })
    .onConflictDoNothing();

/** Adjusts what lies there; the check of the table refuses fewer than are reserved. */
export const adjustStockRow = (
  db: Database,
  { productId, locationId, change = 0, counted, lowStockAt }: Adjustment,
) =>
  db
    .update(stock)
    .set({
      onHand: counted ?? sql`on_hand + ${change}`,
      ...(lowStockAt === undefined ? {} : { lowStockAt }),
    })
    .where(at(productId, locationId))
    .returning();

/** Tells how much there is of a product now; after what has changed it. */
export const stockEvent = (db: Database, { productId, locationId }: Adjustment, cause: object, now: number) =>
  insertSelect(
    db,
    eventOutbox,
    {
      id: uuidv7({ msecs: now }),
      clientId: sql`client_id`,
      event: "product.stock.changed" satisfies EventName,
      entityId: productId,
      ownerUserId: null,
      data: sql`json_patch(json_object('product_id', product_id, 'location_id', location_id, 'on_hand', on_hand,
        'reserved', reserved, 'available', on_hand - reserved), ${JSON.stringify(cause)})`,
      createdAt: now,
    },
    sql`FROM ${stock} WHERE ${at(productId, locationId)}`,
  );
