import { z } from "@hono/zod-openapi";
import { operation } from "#src/operation/operation.ts";
import { changeClient } from "./change-client.ts";
import { clientParams } from "./schemas.ts";

export const deactivateClient = operation({
  name: "deactivateClient",
  summary: "Deactivate a client: its users are signed out and cannot sign in; nothing is lost",
  input: z.object({ params: clientParams }),
  output: z.void(),
  refusals: ["BAD_REQUEST", "NOT_FOUND", "CONFLICT"],
  run: async (platform, actor, { params }) => {
    await changeClient(platform, actor, params.client_id, { is_active: false });
  },
});
