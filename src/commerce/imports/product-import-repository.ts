import { and, eq, sql } from "drizzle-orm";
import type { Database } from "#src/db/client.ts";
import { products } from "#src/db/commerce/index.ts";
import type { Actor } from "#src/kernel/actor.ts";
import type { Platform } from "#src/platform.ts";
import { guard } from "../guard-statement.ts";
import type { ProductRow } from "../products/product-repository.ts";
import { each, of, tellOfImport } from "./import-statements.ts";
import type { Change } from "./take-over.ts";

/** Products of a tenant by their skus, whatever their capitals. */
export const productsBySku = (db: Database, clientId: string, skus: readonly string[]) =>
  db
    .select()
    .from(products)
    .where(
      and(
        eq(products.clientId, clientId),
        sql`lower(${products.sku}) IN (SELECT lower(value) FROM json_each(${JSON.stringify(skus)}))`,
      ),
    );

/** Whether all of a list are as they were read, and what is to be made is not there yet. */
const areAsRead = (clientId: string, list: string) =>
  sql`NOT EXISTS (
    SELECT 1 FROM json_each(${list}) AS entry
    LEFT JOIN products ON products.client_id = ${clientId} AND lower(products.sku) = lower(entry.value ->> 'old_sku')
    WHERE coalesce(products.version, 0) <> entry.value ->> 'was')`;

/** Writes products that an import makes and changes, with what is told of them. */
export function writeProducts(
  platform: Platform,
  actor: Actor,
  changes: readonly Change<ProductRow>[],
  now: number,
) {
  const { commerce } = platform;
  const list = JSON.stringify(changes.map(({ was, thing }) => ({ ...thing, was, old_sku: thing.sku })));
  const row = {
    ...{ id: of("id"), clientId: actor.clientId, sku: of("sku"), name: of("name") },
    ...{ description: of("description"), category: of("category"), imageUrl: of("imageUrl") },
    ...{ price: of("price"), currency: of("currency"), attributes: of("attributes"), status: of("status") },
    ...{ version: of("version"), createdAt: of("createdAt"), updatedAt: of("updatedAt") },
  };
  commerce.told(actor.clientId);
  return commerce.db.batch([
    guard(commerce.db, areAsRead(actor.clientId, list)),
    each(platform, products, row, list).onConflictDoUpdate({
      target: products.id,
      set: {
        sku: sql`excluded.sku`,
        name: sql`excluded.name`,
        description: sql`excluded.description`,
        category: sql`excluded.category`,
        imageUrl: sql`excluded.image_url`,
        price: sql`excluded.price`,
        currency: sql`excluded.currency`,
        attributes: sql`excluded.attributes`,
        status: sql`excluded.status`,
        version: sql`excluded.version`,
        updatedAt: sql`excluded.updated_at`,
      },
    }),
    ...tellOfImport(platform, actor, changes, now),
  ]);
}
