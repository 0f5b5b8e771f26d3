import { z } from "@hono/zod-openapi";
import { listed } from "#src/http/page.ts";
import { wireRow } from "#src/http/wire-row.ts";
import { operation } from "#src/operation/operation.ts";
import { listQuery, listRequest } from "../list-query.ts";
import { listChangeRows } from "./order-repository.ts";
import { reachableOrder } from "./reachable-order.ts";
import { orderEventListSchema, orderEventSchema, orderParams } from "./schemas.ts";

export const listOrderEvents = operation({
  name: "listOrderEvents",
  summary: "What has been done with an order, oldest first",
  input: z.object({ params: orderParams, query: listQuery() }),
  output: orderEventListSchema,
  refusals: ["NOT_FOUND"],
  run: async ({ commerce: { db } }, actor, { params, query }) => {
    const order = await reachableOrder(db, actor, params.order_id);
    const { rows, page } = listed(await listChangeRows(db, order.id, listRequest(query)), query.limit);
    return { events: rows.map((row) => wireRow(orderEventSchema, row)), ...page };
  },
});
