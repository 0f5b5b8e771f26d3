import { z } from "@hono/zod-openapi";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import { findProduct } from "./product-repository.ts";
import { productParams, productSchema } from "./schemas.ts";
import { productView } from "./views.ts";

export const getProduct = operation({
  name: "getProduct",
  summary: "One product",
  input: z.object({ params: productParams }),
  output: productSchema,
  refusals: ["NOT_FOUND"],
  run: async ({ commerce }, { clientId }, { params }) => {
    const product = await findProduct(commerce.db, clientId, params.product_id);
    if (!product) throw new AppError("NOT_FOUND");
    return productView(product);
  },
});
