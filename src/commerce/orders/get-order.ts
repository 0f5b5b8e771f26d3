import { z } from "@hono/zod-openapi";
import { operation } from "#src/operation/operation.ts";
import { reachableOrder } from "./reachable-order.ts";
import { getOrderQuery, orderParams, orderSchema } from "./schemas.ts";
import { viewOfOrder } from "./views.ts";

export const getOrder = operation({
  name: "getOrder",
  summary: "One order, with its lines",
  input: z.object({ params: orderParams, query: getOrderQuery }),
  output: orderSchema,
  refusals: ["NOT_FOUND"],
  run: async ({ commerce: { db } }, actor, { params, query: { expand } }) =>
    viewOfOrder(db, actor, await reachableOrder(db, actor, params.order_id), expand),
});
