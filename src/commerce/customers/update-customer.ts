import { z } from "@hono/zod-openapi";
import { columnsOf } from "#src/http/columns-of.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import { changeCustomer } from "./change-customer.ts";
import { customerParams, customerSchema, updateCustomerSchema } from "./schemas.ts";
import { customerViews } from "./views.ts";

export const updateCustomer = operation({
  name: "updateCustomer",
  summary: "Change a customer; fields left out stay as they are",
  input: z.object({ params: customerParams, body: updateCustomerSchema }),
  output: customerSchema,
  refusals: ["NOT_FOUND", "CONFLICT"],
  run: async (platform, actor, { params, body: { version, ...change } }) => {
    const about = { event: "customer.updated", version, changed: Object.keys(change) } as const;
    const row = await changeCustomer(platform, actor, params.customer_id, about, columnsOf(change));
    const [view] = await customerViews(platform.commerce.db, actor, [row]);
    if (!view) throw new AppError("NOT_FOUND");
    return view;
  },
});
