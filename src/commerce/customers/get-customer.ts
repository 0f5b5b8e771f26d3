import { z } from "@hono/zod-openapi";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import { findCustomer } from "./customer-repository.ts";
import { customerParams, customerSchema } from "./schemas.ts";
import { customerViews } from "./views.ts";

export const getCustomer = operation({
  name: "getCustomer",
  summary: "One customer",
  input: z.object({ params: customerParams }),
  output: customerSchema,
  refusals: ["NOT_FOUND"],
  run: async ({ commerce: { db } }, actor, { params }) => {
    const row = await findCustomer(db, actor.clientId, params.customer_id);
    const [view] = row ? await customerViews(db, actor, [row]) : [];
    if (!view) throw new AppError("NOT_FOUND");
    return view;
  },
});
