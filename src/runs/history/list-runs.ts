import { z } from "@hono/zod-openapi";
import { pageRequest } from "#src/http/page.ts";
import { operation } from "#src/operation/operation.ts";
import { instancesNamedLike } from "#src/personas/index.ts";
import { pendingOf, withPending } from "./pending-runs.ts";
import { pageRunsOfUser } from "./run-history-repository.ts";
import { historySchema, listRunsQuery } from "./schemas.ts";
import { historyView } from "./views.ts";

export const listRuns = operation({
  name: "listRuns",
  summary: "Runs",
  description: "One's own runs over all personas, newest first; each is there the moment it has begun.",
  input: z.object({ query: listRunsQuery }),
  output: historySchema,
  run: async ({ db, objects }, actor, { query }) => {
    const { status, instance_id: instanceId, project_id: projectId, q, since, until } = query;
    const page = pageRequest(query);
    const named = q === undefined ? undefined : await instancesNamedLike(db, actor, q);
    const asked = instanceId === undefined ? undefined : [instanceId];
    const instanceIds = named && asked ? asked.filter((id) => named.includes(id)) : (named ?? asked);
    if (instanceIds?.length === 0) return historyView({ rows: [], nextCursor: null });
    const filter = { status, projectId, since, until, instanceIds };
    // First what is not confirmed: what is confirmed meanwhile is stored by then.
    const pending = await pendingOf(objects.allWorkflows(actor.clientId), { userId: actor.userId });
    return historyView(withPending(await pageRunsOfUser(db, actor, filter, page), pending, filter, page));
  },
});
