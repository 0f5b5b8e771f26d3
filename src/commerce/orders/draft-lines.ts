import { AppError } from "#src/kernel/app-error.ts";
import { fieldRefused, fromDecimal } from "../money.ts";
import type { ProductRow } from "../products/product-repository.ts";
import type { Need, NewItem } from "./order-statements.ts";
import type { OrderItemInput } from "./schemas.ts";

/** What is ordered, with what it costs. */
export interface Draft {
  currency: string;
  items: NewItem[];
  /** The sums of the products: one that stands on two lines is needed once, with both. */
  needs: Need[];
}

/** What one of a line costs: what is said of it, or what the product costs. */
function unitPriceOf({ unit_price: said }: OrderItemInput, product: ProductRow, path: string): number {
  if (said === undefined) return product.price;
  if (typeof said === "number") {
    const amount = fromDecimal(said, product.currency);
    if (amount === undefined)
      throw fieldRefused(path, `Not a whole number of the minor units of ${product.currency}`);
    return amount;
  }
  if (said.currency !== product.currency)
    throw fieldRefused(path, `The product is sold in ${product.currency}`);
  return said.amount;
}

/**
 * The lines of an order as they will be kept.
 * @param mayPrice whether somebody may have another price than the product's
 * @throws AppError `NOT_FOUND` with the products that are not there; `VALIDATION_ERROR` for one that is not sold, in
 *   another currency than the others, or at a price that is none; `INSUFFICIENT_PERMISSIONS`
 */
export function draftLines(
  lines: readonly OrderItemInput[],
  products: readonly ProductRow[],
  mayPrice: boolean,
): Draft {
  const byId = new Map(products.map((product) => [product.id, product]));
  const missing = [...new Set(lines.map(({ product_id }) => product_id))].filter((id) => !byId.has(id));
  if (missing.length > 0)
    throw new AppError("NOT_FOUND", { message: "No such product", details: { product_ids: missing } });
  const quantities = new Map<string, number>();
  let currency: string | undefined;
  const items = lines.map((line, index): NewItem => {
    const { product_id, quantity } = line;
    const product = byId.get(product_id);
    if (!product) throw new AppError("NOT_FOUND");
    if (product.status !== "active")
      throw fieldRefused(`items.${index}.product_id`, `The product is ${product.status}, and not sold`);
    currency ??= product.currency;
    if (product.currency !== currency)
      throw fieldRefused(
        `items.${index}.product_id`,
        `Sold in ${product.currency}, and the order is in ${currency}`,
      );
    const price = unitPriceOf(line, product, `items.${index}.unit_price`);
    if (price !== product.price && !mayPrice)
      throw new AppError("INSUFFICIENT_PERMISSIONS", {
        message: "Another price than the product's",
        details: { required_permission: "commerce.manage" },
      });
    quantities.set(product_id, (quantities.get(product_id) ?? 0) + quantity);
    const total = quantity * price;
    return {
      line: index + 1,
      product_id,
      sku: product.sku,
      name: product.name,
      quantity,
      unit_price: price,
      total,
    };
  });
  const needs = [...quantities].map(([product_id, quantity]) => ({ product_id, quantity }));
  return { currency: currency ?? "", items, needs };
}
