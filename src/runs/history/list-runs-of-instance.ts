import { z } from "@hono/zod-openapi";
import { cursorQuery } from "#src/http/cursor.ts";
import { pageRequest } from "#src/http/page.ts";
import { operation } from "#src/operation/operation.ts";
import { instanceParams, visibleInstance } from "#src/personas/index.ts";
import { pendingOf, withPending } from "./pending-runs.ts";
import { pageRuns } from "./run-history-repository.ts";
import { historySchema } from "./schemas.ts";
import { historyView } from "./views.ts";

export const listRunsOfInstance = operation({
  name: "listRunsOfInstance",
  summary: "The instance's runs, newest first",
  description: "Every run is there the moment it has begun, as it is then.",
  input: z.object({ params: instanceParams, query: cursorQuery() }),
  output: historySchema,
  refusals: ["NOT_FOUND"],
  run: async ({ db, objects }, actor, { params, query }) => {
    const instance = await visibleInstance(db, actor, params.instance_id);
    const page = pageRequest(query);
    const tenant = objects.workflowsOfInstance(instance.clientId, instance.id);
    // First what is not confirmed: what is confirmed meanwhile is stored by then.
    const pending = await pendingOf([tenant], { instanceId: instance.id });
    return historyView(withPending(await pageRuns(db, instance, page), pending, {}, page));
  },
});
