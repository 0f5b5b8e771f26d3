import { z } from "@hono/zod-openapi";
import { operation } from "#src/operation/operation.ts";
import { changeClient } from "./change-client.ts";
import { clientParams, clientSchema, updateClientSchema } from "./schemas.ts";
import { clientView } from "./views.ts";

export const updateClient = operation({
  name: "updateClient",
  summary: "Change a client; fields left out stay, `settings` are laid over those there are",
  input: z.object({ params: clientParams, body: updateClientSchema }),
  output: clientSchema,
  refusals: ["BAD_REQUEST", "NOT_FOUND", "CONFLICT"],
  run: async (platform, actor, { params, body }) =>
    clientView(await changeClient(platform, actor, params.client_id, body)),
});
