import { z } from "@hono/zod-openapi";
import { operation } from "#src/operation/operation.ts";
import { actOnOrder } from "./act-on-order.ts";
import { cancelOrderSchema, orderParams, orderSchema } from "./schemas.ts";
import { viewOfOrder } from "./views.ts";

export const cancelOrder = operation({
  name: "cancelOrder",
  summary: "Cancel an order that is not fulfilled: what it holds can be sold again",
  input: z.object({ params: orderParams, body: cancelOrderSchema }),
  output: orderSchema,
  refusals: ["NOT_FOUND", "ORDER_STATE_INVALID", "CONFLICT"],
  run: async (platform, actor, { params, body }) =>
    viewOfOrder(
      platform.commerce.db,
      actor,
      await actOnOrder(platform, actor, params.order_id, { action: "cancel", ...body }),
    ),
});
