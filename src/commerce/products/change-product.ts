import { isUniqueViolation } from "#src/db/unique-violation.ts";
import { columnsOf } from "#src/http/columns-of.ts";
import type { Account } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { Platform } from "#src/platform.ts";
import { changeStatement } from "../change-statement.ts";
import { guard, untilItHolds } from "../guard-statement.ts";
import { staleVersion } from "../stale-version.ts";
import { skuTaken } from "./create-product.ts";
import { productFacts } from "./product-facts.ts";
import { findProduct, isProductAt, type ProductRow, replaceProduct } from "./product-repository.ts";
import type { UpdateProduct } from "./schemas.ts";

/**
 * Changes a product of the actor's tenant.
 * @throws AppError `NOT_FOUND`; `CONFLICT` where it is at another version than the one that is said, or the sku is taken
 */
export function changeProduct(
  platform: Platform,
  actor: Account,
  id: string,
  { version, price, ...change }: UpdateProduct,
): Promise<ProductRow> {
  const { commerce, clock } = platform;
  const { db } = commerce;
  const { clientId } = actor;
  return untilItHolds(async () => {
    const product = await findProduct(db, clientId, id);
    if (!product) throw new AppError("NOT_FOUND");
    if (version !== undefined && version !== product.version) throw staleVersion(product.version);
    const now = clock.now();
    const changed: ProductRow = {
      ...product,
      ...columnsOf(change),
      ...(price && { price: price.amount, currency: price.currency }),
      version: product.version + 1,
      updatedAt: now,
    };
    const isArchived = changed.status === "archived" && product.status !== "archived";
    const event = isArchived ? "product.archived" : "product.updated";
    const details = { changed: Object.keys({ ...change, ...(price && { price }) }) };
    try {
      await db.batch([
        guard(db, isProductAt(product)),
        replaceProduct(db, changed),
        commerce.tell({ event, data: productFacts(changed), clientId, entityId: id, ownerUserId: null }, now),
        changeStatement(platform, actor, { action: event, entityId: id, details }, now),
      ]);
    } catch (error) {
      throw isUniqueViolation(error) ? skuTaken(error) : error;
    }
    return changed;
  });
}
