import { z } from "@hono/zod-openapi";
import { clientIdSchema } from "#src/identity/schemas.ts";
import { operation } from "#src/operation/operation.ts";
import { instancesOfTenant } from "#src/personas/instances/instance-scope.ts";
import { instanceParams, instanceSchema } from "#src/personas/instances/schemas.ts";
import { updateInstanceWithin } from "#src/personas/instances/update-instance-within.ts";
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
