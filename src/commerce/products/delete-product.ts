import { z } from "@hono/zod-openapi";
import { operation } from "#src/operation/operation.ts";
import { changeProduct } from "./change-product.ts";
import { productParams } from "./schemas.ts";

export const deleteProduct = operation({
  name: "deleteProduct",
  summary: "Archive a product: it is ordered no more, and stays for the orders that it is in",
  input: z.object({ params: productParams }),
  output: z.void(),
  refusals: ["NOT_FOUND", "CONFLICT"],
  run: async (platform, actor, { params }) => {
    await changeProduct(platform, actor, params.product_id, { status: "archived" });
  },
});
