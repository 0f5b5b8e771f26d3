import { z } from "@hono/zod-openapi";
import { auditAction } from "#src/audit/index.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import { referenceStatements } from "#src/workflow-definitions/index.ts";
import { ownTemplate } from "./own-template.ts";
import { templateParams } from "./schemas.ts";
import { deleteTemplateRow, isLivingTemplate } from "./template-repository.ts";

export const deleteTemplate = operation({
  name: "deleteTemplate",
  summary: "Delete a template; instances made from it keep working",
  input: z.object({ params: templateParams }),
  output: z.void(),
  refusals: ["NOT_FOUND"],
  run: async (platform, actor, { params: { template_id: id } }) => {
    const { db, clock } = platform;
    await ownTemplate(db, actor, id);
    const target = { type: "template", id };
    const [, { meta }] = await db.batch([
      auditAction(platform, actor, { action: "template.deleted", target }, isLivingTemplate(id)),
      deleteTemplateRow(db, id, clock.now()),
      ...referenceStatements(db, "template", id),
    ]);
    if (meta.changes === 0) throw new AppError("NOT_FOUND", { message: "No such template" });
  },
});
