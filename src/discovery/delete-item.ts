import { z } from "@hono/zod-openapi";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import { itemParams } from "./schemas.ts";

export const deleteItem = operation({
  name: "deleteItem",
  summary: "Take an item out of the catalogue",
  input: z.object({ params: itemParams }),
  output: z.object({}),
  refusals: ["NOT_FOUND"],
  run: async ({ objects }, { clientId }, { params }) => {
    if (!(await (await objects.personalisation(clientId)).deleteItem(params.item_id)))
      throw new AppError("NOT_FOUND");
    return {};
  },
});
