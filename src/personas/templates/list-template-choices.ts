import { z } from "@hono/zod-openapi";
import { cursorQuery } from "#src/http/cursor.ts";
import { listed, pageFields, pageRequest } from "#src/http/page.ts";
import { operation } from "#src/operation/operation.ts";
import { templateChoiceSchema } from "./schemas.ts";
import { pageTemplates, templatesUsableBy } from "./template-repository.ts";
import { templateChoice } from "./views.ts";

export const listTemplateChoices = operation({
  name: "listTemplateChoices",
  summary: "Templates that one can make persona instances from",
  input: z.object({ query: cursorQuery() }),
  output: z.object({ templates: z.array(templateChoiceSchema), ...pageFields }).openapi("TemplateChoiceList"),
  run: async ({ db }, actor, { query }) => {
    const found = await pageTemplates(db, templatesUsableBy(actor), { isActive: true }, pageRequest(query));
    const { rows, page } = listed(found, query.limit);
    return { templates: rows.map(templateChoice), ...page };
  },
});
