import type { ProductRow } from "./product-repository.ts";

/** What events tell of a product. */
export const productFacts = ({ id, sku, name, status, price, currency, version }: ProductRow) => ({
  product_id: id,
  sku,
  name,
  status,
  price: { amount: price, currency },
  version,
});
