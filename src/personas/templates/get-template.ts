import { z } from "@hono/zod-openapi";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import { templateParams, templateSchema } from "./schemas.ts";
import { findTemplate } from "./template-repository.ts";
import { templateView } from "./views.ts";

export const getTemplate = operation({
  name: "getTemplate",
  summary: "One template",
  input: z.object({ params: templateParams }),
  output: templateSchema,
  refusals: ["NOT_FOUND"],
  run: async ({ db }, actor, { params }) => {
    const template = await findTemplate(db, actor, params.template_id);
    if (!template) throw new AppError("NOT_FOUND");
    return templateView(template);
  },
});
