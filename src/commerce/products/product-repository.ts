import { and, desc, eq, type SQL, sql } from "drizzle-orm";
import { hasRow } from "#src/db/batch-conditions.ts";
import type { Database } from "#src/db/client.ts";
import { products, stock } from "#src/db/commerce/index.ts";
import { isOneOf } from "../ids-condition.ts";
import { type ListRequest, matchOf } from "../list-query.ts";
import type { ListProducts } from "./schemas.ts";

export type ProductRow = typeof products.$inferSelect;

const ofTenant = (clientId: string, id: string) => and(eq(products.clientId, clientId), eq(products.id, id));

export const findProduct = (db: Database, clientId: string, id: string) =>
  db.select().from(products).where(ofTenant(clientId, id)).get();

/** Products of a tenant by their ids, in no order; at most a megabyte of ids. */
export const findProducts = (db: Database, clientId: string, ids: readonly string[]) =>
  db
    .select()
    .from(products)
    .where(and(eq(products.clientId, clientId), isOneOf(products.id, ids)));

/** Whether any of a product can be sold. */
const isInStock = sql`EXISTS (SELECT 1 FROM ${stock} WHERE ${stock.productId} = ${products.id} AND on_hand > reserved)`;

/** A page of a tenant's products, newest first; one more than the limit when there are more. */
export const listProductRows = (
  db: Database,
  clientId: string,
  { ids, status, category, q, in_stock }: Omit<ListProducts, "cursor" | "limit" | "offset">,
  { after, limit, offset }: ListRequest,
) =>
  db
    .select()
    .from(products)
    .where(
      and(
        eq(products.clientId, clientId),
        ids && isOneOf(products.id, ids),
        status && eq(products.status, status),
        category === undefined ? undefined : eq(products.category, category),
        q === undefined
          ? undefined
          : sql`products.rowid IN (SELECT rowid FROM product_search WHERE product_search MATCH ${matchOf(clientId, "sku name description", q)})`,
        in_stock === undefined ? undefined : in_stock === "true" ? isInStock : sql`NOT ${isInStock}`,
        after && sql`(${products.createdAt}, ${products.id}) < (${after[0]}, ${after[1]})`,
      ),
    )
    .orderBy(desc(products.createdAt), desc(products.id))
    .limit(limit + 1)
    .offset(offset);

export const insertProduct = (db: Database, row: ProductRow) => db.insert(products).values(row);

/** True while a product is as it was read. */
export const isProductAt = ({
  clientId,
  id,
  version,
}: Pick<ProductRow, "clientId" | "id" | "version">): SQL =>
  hasRow(products, and(ofTenant(clientId, id), eq(products.version, version)));

/** Has a product be as a row says; behind a guard that it is as it was read. */
export const replaceProduct = (db: Database, { id, clientId, ...row }: ProductRow) =>
  db.update(products).set(row).where(ofTenant(clientId, id));
