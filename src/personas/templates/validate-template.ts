import { z } from "@hono/zod-openapi";
import { planReportSchema } from "#src/engine/plans/validate-plan.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import { parseMergedConfig, reportOn } from "./check-config.ts";
import { templateParams } from "./schemas.ts";
import { findTemplate } from "./template-repository.ts";

export const validateTemplate = operation({
  name: "validateTemplate",
  summary: "Check the template's plan against the agents there are now, and measure it",
  input: z.object({ params: templateParams }),
  output: planReportSchema,
  refusals: ["NOT_FOUND"],
  run: async (platform, actor, { params }) => {
    const template = await findTemplate(platform.db, actor, params.template_id);
    if (!template) throw new AppError("NOT_FOUND");
    return reportOn(platform, template.clientId, parseMergedConfig(template.config));
  },
});
