import { z } from "@hono/zod-openapi";
import { operation } from "#src/operation/operation.ts";
import { actOnOrder } from "./act-on-order.ts";
import { actionBody, orderParams, orderSchema } from "./schemas.ts";
import { viewOfOrder } from "./views.ts";

export const fulfilOrder = operation({
  name: "fulfilOrder",
  summary: "Fulfil a confirmed order: what it holds is gone",
  input: z.object({ params: orderParams, body: actionBody }),
  output: orderSchema,
  refusals: ["NOT_FOUND", "ORDER_STATE_INVALID", "CONFLICT"],
  run: async (platform, actor, { params, body }) =>
    viewOfOrder(
      platform.commerce.db,
      actor,
      await actOnOrder(platform, actor, params.order_id, { action: "fulfil", ...body }),
    ),
});
