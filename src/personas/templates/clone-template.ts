import { z } from "@hono/zod-openapi";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import { cutGraphemes } from "#src/text/cut-text.ts";
import { parseMergedConfig } from "./check-config.ts";
import { newTemplate } from "./new-template.ts";
import { cloneTemplateSchema, savedTemplateSchema, templateParams } from "./schemas.ts";
import { findTemplate } from "./template-repository.ts";

const suffix = " (copy)";

export const cloneTemplate = operation({
  name: "cloneTemplate",
  summary: "Make a new template of the latest version of this one",
  input: z.object({ params: templateParams, body: cloneTemplateSchema }),
  output: savedTemplateSchema,
  // Invalid when an agent that its plan needs is gone.
  refusals: ["NOT_FOUND", "WORKFLOW_INVALID"],
  run: async (platform, actor, { params, body }) => {
    const source = await findTemplate(platform.db, actor, params.template_id);
    if (!source) throw new AppError("NOT_FOUND", { message: "No such template" });
    return newTemplate(platform, actor, {
      name: body.name ?? `${cutGraphemes(source.name, 255 - suffix.length)}${suffix}`,
      description: source.description,
      category: source.category,
      config: parseMergedConfig(source.config),
    });
  },
});
