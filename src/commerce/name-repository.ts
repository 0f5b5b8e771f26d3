import { and, eq, isNull, sql } from "drizzle-orm";
import type { Database } from "#src/db/client.ts";
import { customers, locations, products } from "#src/db/commerce/index.ts";
import { isOneOf } from "./ids-condition.ts";
import { matchOf } from "./list-query.ts";

/** What of the shop people call by a name. */
export type ShopKind = "product" | "customer" | "location";

export interface Named {
  id: string;
  name: string;
}

/** Things with some words in their name (of a product in its sku, too), at most as many; those of that very name first. */
export function thingsNamed(
  db: Database,
  clientId: string,
  { kind, words, limit }: { kind: ShopKind; words: string; limit: number },
): Promise<Named[]> {
  switch (kind) {
    case "product":
      return db
        .select({ id: products.id, name: products.name })
        .from(products)
        .where(
          and(
            eq(products.clientId, clientId),
            sql`products.rowid IN (SELECT rowid FROM product_search WHERE product_search MATCH ${matchOf(clientId, "sku name", words)})`,
          ),
        )
        .orderBy(sql`lower(${products.name}) <> lower(${words})`, products.name, products.id)
        .limit(limit)
        .all();
    case "customer":
      return db
        .select({ id: customers.id, name: customers.name })
        .from(customers)
        .where(
          and(
            eq(customers.clientId, clientId),
            isNull(customers.deletedAt),
            sql`customers.rowid IN (SELECT rowid FROM customer_search WHERE customer_search MATCH ${matchOf(clientId, "name", words)})`,
          ),
        )
        .orderBy(sql`lower(${customers.name}) <> lower(${words})`, customers.name, customers.id)
        .limit(limit)
        .all();
    case "location":
      return db
        .select({ id: locations.id, name: locations.name })
        .from(locations)
        .where(
          and(
            eq(locations.clientId, clientId),
            isNull(locations.deletedAt),
            sql`instr(lower(${locations.name}), lower(${words})) > 0`,
          ),
        )
        .orderBy(sql`lower(${locations.name}) <> lower(${words})`, locations.name, locations.id)
        .limit(limit)
        .all();
  }
}

/** What things of a tenant are called, also those that are gone, by their ids. */
export function namesOfThings(
  db: Database,
  clientId: string,
  kind: ShopKind,
  ids: readonly string[],
): Promise<Named[]> {
  const table = { product: products, customer: customers, location: locations }[kind];
  return db
    .select({ id: table.id, name: table.name })
    .from(table)
    .where(and(eq(table.clientId, clientId), isOneOf(table.id, ids)))
    .all();
}
