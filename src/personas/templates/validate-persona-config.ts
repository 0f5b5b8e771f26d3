import { z } from "@hono/zod-openapi";
import { planReportSchema } from "#src/engine/plans/validate-plan.ts";
import { operation } from "#src/operation/operation.ts";
import { ownerOf } from "#src/tenants/index.ts";
import { reportOn } from "./check-config.ts";
import { validatePersonaConfigSchema } from "./schemas.ts";

export const validatePersonaConfig = operation({
  name: "validatePersonaConfig",
  summary: "Check a configuration that is not stored, and measure its plan",
  description: "As `POST /templates/{template_id}/validate` checks what is stored: for whoever still writes.",
  input: z.object({ body: validatePersonaConfigSchema }),
  output: planReportSchema,
  run: (platform, actor, { body: { config } }) => reportOn(platform, ownerOf(actor), config),
});
