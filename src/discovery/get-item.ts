import { z } from "@hono/zod-openapi";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import { itemParams, itemSchema } from "./schemas.ts";
import { itemView } from "./views.ts";

export const getItem = operation({
  name: "getItem",
  summary: "An item of the catalogue",
  input: z.object({ params: itemParams }),
  output: itemSchema,
  refusals: ["NOT_FOUND"],
  run: async ({ objects }, { clientId }, { params }) => {
    const item = await (await objects.personalisation(clientId)).itemOf(params.item_id);
    if (!item) throw new AppError("NOT_FOUND");
    return itemView(item);
  },
});
