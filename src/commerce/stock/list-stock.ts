import { z } from "@hono/zod-openapi";
import { decodeCursor, encodeCursor } from "#src/http/cursor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import { findProduct } from "../products/product-repository.ts";
import { productParams } from "../products/schemas.ts";
import { listStockQuery, stockListSchema } from "./schemas.ts";
import { listStockRows } from "./stock-repository.ts";
import { stockView } from "./views.ts";

export const listStock = operation({
  name: "listStock",
  summary: "How many of a product there are, by location",
  input: z.object({ params: productParams, query: listStockQuery }),
  output: stockListSchema,
  refusals: ["NOT_FOUND"],
  run: async ({ commerce: { db } }, { clientId }, { params, query: { cursor, limit, offset } }) => {
    const product = await findProduct(db, clientId, params.product_id);
    if (!product) throw new AppError("NOT_FOUND");
    const after = cursor === undefined ? undefined : decodeCursor(cursor, z.string());
    const entries = await listStockRows(db, product.id, after, limit, offset ?? 0);
    const rows = entries.slice(0, limit);
    const last = rows.at(-1);
    const next_cursor = entries.length > limit && last ? encodeCursor(last.locationId) : null;
    return { stock: rows.map(stockView), count: rows.length, next_cursor };
  },
});
