import { z } from "@hono/zod-openapi";
import { clientIdSchema } from "#src/identity/index.ts";
import { operation } from "#src/operation/operation.ts";
import {
  instanceParams,
  instanceSchema,
  instancesOfTenant,
  updateInstanceWithin,
} from "#src/personas/index.ts";
import { agentConfigSchema } from "./agent-schemas.ts";

export const updateClientInstanceConfig = operation({
  name: "updateClientInstanceConfig",
  summary: "Lay a config over that of one of the client's persona instances",
  input: z.object({ params: instanceParams.extend({ client_id: clientIdSchema }), body: agentConfigSchema }),
  output: instanceSchema,
  refusals: ["NOT_FOUND", "WORKFLOW_INVALID", "CONFLICT"],
  run: (platform, actor, { params: { client_id, instance_id }, body }) =>
    updateInstanceWithin(platform, actor, instance_id, body, instancesOfTenant(actor, client_id)),
});
