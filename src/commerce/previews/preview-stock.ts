import type { Account } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { Platform } from "#src/platform.ts";
import { findProduct } from "../products/product-repository.ts";
import { fewerThanHeld } from "../stock/fewer-than-held.ts";
import { locationNamed } from "../stock/location-named.ts";
import { findStock } from "../stock/stock-repository.ts";
import type { ChangePreview } from "./preview.ts";

/**
 * How many of a product there are at the default location, how many there would be, and what the difference sells for.
 * @throws AppError what it would be refused with
 */
export async function previewStock(
  { commerce: { db } }: Pick<Platform, "commerce">,
  actor: Account,
  { product_id, change }: { product_id: string; change: number },
): Promise<ChangePreview> {
  const product = await findProduct(db, actor.clientId, product_id);
  if (!product) throw new AppError("NOT_FOUND");
  const location = await locationNamed(db, actor.clientId, undefined);
  const { onHand = 0, reserved = 0 } = (await findStock(db, product.id, location.id)) ?? {};
  if (onHand + change < reserved) throw fewerThanHeld({ onHand, reserved });
  const { sku, name, price, currency } = product;
  const counts = (on_hand: number) => ({ on_hand, reserved, available: on_hand - reserved });
  return {
    before: { sku, name, location: location.name, ...counts(onHand) },
    after: counts(onHand + change),
    amount: { amount: price * Math.abs(change), currency },
  };
}
