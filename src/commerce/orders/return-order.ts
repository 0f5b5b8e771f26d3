import { z } from "@hono/zod-openapi";
import { operation } from "#src/operation/operation.ts";
import { actOnOrder } from "./act-on-order.ts";
import { orderParams, orderSchema, returnOrderSchema } from "./schemas.ts";
import { viewOfOrder } from "./views.ts";

export const returnOrder = operation({
  name: "returnOrder",
  summary: "Take a fulfilled order back, into the stock unless said otherwise",
  input: z.object({ params: orderParams, body: returnOrderSchema }),
  output: orderSchema,
  refusals: ["NOT_FOUND", "ORDER_STATE_INVALID", "CONFLICT"],
  run: async (platform, actor, { params, body }) =>
    viewOfOrder(
      platform.commerce.db,
      actor,
      await actOnOrder(platform, actor, params.order_id, { action: "return", ...body }),
    ),
});
