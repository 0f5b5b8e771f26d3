import type { z } from "@hono/zod-openapi";
import { wireRow } from "#src/http/wire-row.ts";
import type { ProductRow } from "./product-repository.ts";
import { productSchema } from "./schemas.ts";

export const productView = (row: ProductRow): z.infer<typeof productSchema> =>
  wireRow(productSchema, row, { price: { amount: row.price, currency: row.currency } });
