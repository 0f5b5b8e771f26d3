import { z } from "@hono/zod-openapi";
import { operation } from "#src/operation/operation.ts";
import { changeProduct } from "./change-product.ts";
import { productParams, productSchema, updateProductSchema } from "./schemas.ts";
import { productView } from "./views.ts";

export const updateProduct = operation({
  name: "updateProduct",
  summary: "Change a product; fields left out stay as they are",
  description: "Orders keep the sku, name and price that it had when they were made.",
  input: z.object({ params: productParams, body: updateProductSchema }),
  output: productSchema,
  refusals: ["NOT_FOUND", "CONFLICT"],
  run: async (platform, actor, { params, body }) =>
    productView(await changeProduct(platform, actor, params.product_id, body)),
});
