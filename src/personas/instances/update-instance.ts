import { z } from "@hono/zod-openapi";
import { operation } from "#src/operation/operation.ts";
import { instanceParams, instanceSchema, updateInstanceSchema } from "./schemas.ts";
import { updateInstanceWithin } from "./update-instance-within.ts";

export const updateInstance = operation({
  name: "updateInstance",
  summary: "Change a persona instance; fields left out stay, `config` is laid over what there is",
  input: z.object({ params: instanceParams, body: updateInstanceSchema }),
  output: instanceSchema,
  refusals: ["NOT_FOUND", "WORKFLOW_INVALID", "INSUFFICIENT_PERMISSIONS", "CONFLICT"],
  run: (platform, actor, { params, body }) => updateInstanceWithin(platform, actor, params.instance_id, body),
});
