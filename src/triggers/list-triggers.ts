import { z } from "@hono/zod-openapi";
import { listed, pageRequest } from "#src/http/page.ts";
import { operation } from "#src/operation/operation.ts";
import { instanceParams, visibleInstance } from "#src/personas/index.ts";
import { listQuery, triggerListSchema } from "./schemas.ts";
import { pageTriggers } from "./trigger-repository.ts";
import { triggerView } from "./views.ts";

export const listTriggers = operation({
  name: "listTriggers",
  summary: "What starts a persona when it happens, newest first",
  input: z.object({ params: instanceParams, query: listQuery }),
  output: triggerListSchema,
  refusals: ["NOT_FOUND"],
  run: async ({ db }, actor, { params: { instance_id }, query }) => {
    await visibleInstance(db, actor, instance_id);
    const { rows, page } = listed(await pageTriggers(db, instance_id, pageRequest(query)), query.limit);
    return { triggers: rows.map(triggerView), ...page };
  },
});
