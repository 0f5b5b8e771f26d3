import { z } from "@hono/zod-openapi";
import { listed } from "#src/http/page.ts";
import { operation } from "#src/operation/operation.ts";
import { listRequest } from "../list-query.ts";
import { listProductRows } from "./product-repository.ts";
import { listProductsQuery, productListSchema } from "./schemas.ts";
import { productView } from "./views.ts";

export const listProducts = operation({
  name: "listProducts",
  summary: "Products, newest first",
  input: z.object({ query: listProductsQuery }),
  output: productListSchema,
  run: async ({ commerce }, { clientId }, { query }) => {
    const found = await listProductRows(commerce.db, clientId, query, listRequest(query));
    const { rows, page } = listed(found, query.limit);
    return { products: rows.map(productView), ...page };
  },
});
