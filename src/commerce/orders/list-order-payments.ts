import { z } from "@hono/zod-openapi";
import { listed } from "#src/http/page.ts";
import { operation } from "#src/operation/operation.ts";
import { listQuery, listRequest } from "../list-query.ts";
import { listPaymentRows } from "./order-repository.ts";
import { reachableOrder } from "./reachable-order.ts";
import { orderParams, paymentListSchema } from "./schemas.ts";
import { paymentView } from "./views.ts";

export const listOrderPayments = operation({
  name: "listOrderPayments",
  summary: "The ledger of an order, oldest first",
  input: z.object({ params: orderParams, query: listQuery() }),
  output: paymentListSchema,
  refusals: ["NOT_FOUND"],
  run: async ({ commerce: { db } }, actor, { params, query }) => {
    const order = await reachableOrder(db, actor, params.order_id);
    const { rows, page } = listed(await listPaymentRows(db, order.id, listRequest(query)), query.limit);
    return { payments: rows.map(paymentView), ...page };
  },
});
