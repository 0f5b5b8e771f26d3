import { z } from "@hono/zod-openapi";
import { listed } from "#src/http/page.ts";
import { operation } from "#src/operation/operation.ts";
import { requireContacts } from "../contact.ts";
import { listRequest } from "../list-query.ts";
import { listCustomerRows } from "./customer-repository.ts";
import { customerListSchema, listCustomersQuery } from "./schemas.ts";
import { customerViews } from "./views.ts";

export const listCustomers = operation({
  name: "listCustomers",
  summary: "Customers, newest first",
  input: z.object({ query: listCustomersQuery }),
  output: customerListSchema,
  run: async ({ commerce: { db } }, actor, { query }) => {
    if (query.email !== undefined) requireContacts(actor);
    const found = await listCustomerRows(db, actor.clientId, query, listRequest(query));
    const { rows, page } = listed(found, query.limit);
    return { customers: await customerViews(db, actor, rows), ...page };
  },
});
