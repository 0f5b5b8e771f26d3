import { z } from "@hono/zod-openapi";
import { operation } from "#src/operation/operation.ts";
import { newTemplate } from "./new-template.ts";
import { createTemplateSchema, savedTemplateSchema } from "./schemas.ts";

export const createTemplate = operation({
  name: "createTemplate",
  summary: "Make a template; its plan must be valid",
  input: z.object({ body: createTemplateSchema }),
  output: savedTemplateSchema,
  refusals: ["WORKFLOW_INVALID"],
  run: (platform, actor, { body }) => newTemplate(platform, actor, body),
});
