import { z } from "@hono/zod-openapi";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import { findCustomer } from "../customers/customer-repository.ts";
import { customerParams } from "../customers/schemas.ts";
import { pageOfOrders } from "./page-of-orders.ts";
import { listOrdersQuery, orderListSchema } from "./schemas.ts";

export const listOrdersOfCustomer = operation({
  name: "listOrdersOfCustomer",
  summary: "Orders of a customer, newest first unless sorted otherwise",
  input: z.object({ params: customerParams, query: listOrdersQuery.omit({ customer_id: true }) }),
  output: orderListSchema,
  refusals: ["NOT_FOUND"],
  run: async ({ commerce: { db } }, actor, { params: { customer_id }, query }) => {
    if (!(await findCustomer(db, actor.clientId, customer_id))) throw new AppError("NOT_FOUND");
    return pageOfOrders(db, actor, { ...query, customer_id });
  },
});
