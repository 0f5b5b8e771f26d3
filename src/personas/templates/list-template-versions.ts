import { z } from "@hono/zod-openapi";
import { cursorQuery, decodeCursor, encodeCursor } from "#src/http/cursor.ts";
import { pageFields } from "#src/http/page.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import { templateParams, templateVersionSchema } from "./schemas.ts";
import { findTemplate, pageVersions } from "./template-repository.ts";
import { templateVersionView } from "./views.ts";

export const listTemplateVersions = operation({
  name: "listTemplateVersions",
  summary: "Every version of the template, newest first",
  input: z.object({ params: templateParams, query: cursorQuery() }),
  output: z
    .object({ versions: z.array(templateVersionSchema), ...pageFields })
    .openapi("TemplateVersionList"),
  refusals: ["NOT_FOUND"],
  run: async ({ db }, actor, { params: { template_id }, query: { cursor, limit } }) => {
    const below = cursor === undefined ? undefined : decodeCursor(cursor, z.number().int());
    const [template, versions] = await Promise.all([
      findTemplate(db, actor, template_id),
      pageVersions(db, template_id, below, limit + 1),
    ]);
    if (!template) throw new AppError("NOT_FOUND");
    const page = versions.slice(0, limit);
    const last = page.at(-1);
    const next_cursor = versions.length > limit && last ? encodeCursor(last.version) : null;
    return { versions: page.map(templateVersionView), count: page.length, next_cursor };
  },
});
