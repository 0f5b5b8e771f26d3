import { z } from "@hono/zod-openapi";
import { operation } from "#src/operation/operation.ts";
import { pageOfOrders } from "./page-of-orders.ts";
import { listOrdersQuery, orderListSchema } from "./schemas.ts";

export const listOrders = operation({
  name: "listOrders",
  summary: "Orders, newest first unless sorted otherwise",
  input: z.object({ query: listOrdersQuery }),
  output: orderListSchema,
  run: async ({ commerce: { db } }, actor, { query }) => pageOfOrders(db, actor, query),
});
