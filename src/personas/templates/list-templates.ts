import { z } from "@hono/zod-openapi";
import { cursorQuery } from "#src/http/cursor.ts";
import { listed, pageFields, pageRequest } from "#src/http/page.ts";
import { operation } from "#src/operation/operation.ts";
import { templateSchema } from "./schemas.ts";
import { pageTemplates, templatesReadableBy } from "./template-repository.ts";
import { templateView } from "./views.ts";

export const listTemplates = operation({
  name: "listTemplates",
  summary: "Templates, newest first; active ones unless `is_active` asks otherwise",
  input: z.object({
    query: cursorQuery().extend({
      category: z.string().max(100).optional(),
      is_active: z.enum(["true", "false", "all"]).default("true"),
    }),
  }),
  output: z.object({ templates: z.array(templateSchema), ...pageFields }).openapi("TemplateList"),
  run: async ({ db }, actor, { query }) => {
    const { category, is_active } = query;
    const isActive = is_active === "all" ? undefined : is_active === "true";
    const found = await pageTemplates(
      db,
      templatesReadableBy(actor),
      { category, isActive },
      pageRequest(query),
    );
    const { rows, page } = listed(found, query.limit);
    return { templates: rows.map(templateView), ...page };
  },
});
