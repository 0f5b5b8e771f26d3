import { z } from "@hono/zod-openapi";
import { operation } from "#src/operation/operation.ts";
import { actOnOrder } from "./act-on-order.ts";
import { actionBody, orderParams, orderSchema } from "./schemas.ts";
import { viewOfOrder } from "./views.ts";

export const completeOrder = operation({
  name: "completeOrder",
  summary: "Complete a fulfilled order",
  input: z.object({ params: orderParams, body: actionBody }),
  output: orderSchema,
  refusals: ["NOT_FOUND", "ORDER_STATE_INVALID", "CONFLICT"],
  run: async (platform, actor, { params, body }) =>
    viewOfOrder(
      platform.commerce.db,
      actor,
      await actOnOrder(platform, actor, params.order_id, { action: "complete", ...body }),
    ),
});
