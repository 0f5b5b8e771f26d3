import { z } from "@hono/zod-openapi";
import { auditAction } from "#src/audit/index.ts";
import { columnsOf } from "#src/http/columns-of.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import { referenceStatements } from "#src/workflow-definitions/index.ts";
import { requireValidPlan } from "./check-config.ts";
import { ownTemplate } from "./own-template.ts";
import { savedTemplateSchema, templateParams, updateTemplateSchema } from "./schemas.ts";
import { isLatestTemplate, nextVersionStatements, type TemplateRow } from "./template-repository.ts";
import { savedTemplateView } from "./views.ts";

const maxAttempts = 5;

/** `config` is replaced as a whole. Instances and runs keep the config they were made with. */
export const updateTemplate = operation({
  name: "updateTemplate",
  summary: "Make the next version of a template; fields left out stay",
  input: z.object({ params: templateParams, body: updateTemplateSchema }),
  output: savedTemplateSchema,
  refusals: ["WORKFLOW_INVALID", "NOT_FOUND", "CONFLICT"],
  run: async (platform, actor, { params: { template_id: id }, body: { version, ...fields } }) => {
    const { db, clock } = platform;
    for (let attempt = 0; attempt < maxAttempts; attempt++) {
      const before = await ownTemplate(db, actor, id);
      if (version !== undefined && version !== before.version)
        throw new AppError("CONFLICT", {
          message: "The template has been changed meanwhile",
          details: { latest_version: before.version },
        });
      const warnings =
        fields.config === undefined ? [] : await requireValidPlan(platform, before.clientId, fields.config);
      const after: TemplateRow = {
        ...before,
        ...columnsOf(fields),
        version: before.version + 1,
        updatedAt: clock.now(),
      };
      const details = { version: after.version, changed: Object.keys(fields) };
      const [, , { meta }] = await db.batch([
        auditAction(
          platform,
          actor,
          { action: "template.updated", target: { type: "template", id }, details },
          isLatestTemplate(before),
        ),
        ...nextVersionStatements(db, before, after),
        ...referenceStatements(db, "template", id),
      ]);
      if (meta.changes > 0) return savedTemplateView(after, warnings);
    }
    throw new AppError("CONFLICT", { message: "The template is being changed by others; try again" });
  },
});
