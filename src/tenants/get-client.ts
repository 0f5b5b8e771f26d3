import { z } from "@hono/zod-openapi";
import { operation } from "#src/operation/operation.ts";
import { clientWithin } from "./client-within.ts";
import { clientParams, clientSchema } from "./schemas.ts";
import { clientView } from "./views.ts";

export const getClient = operation({
  name: "getClient",
  summary: "One client",
  input: z.object({ params: clientParams }),
  output: clientSchema,
  refusals: ["NOT_FOUND"],
  run: async ({ db }, actor, { params }) => clientView(await clientWithin(db, actor, params.client_id)),
});
