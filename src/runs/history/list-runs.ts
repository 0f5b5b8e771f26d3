import { z } from "@hono/zod-openapi";
import type { RunRow } from "#src/history/index.ts";
import { pageRequest } from "#src/http/page.ts";
import { operation } from "#src/operation/operation.ts";
import { instancesNamedLike } from "#src/personas/index.ts";
import { namesOfPersonas } from "./names-of-personas.ts";
import { historySchema, listRunsQuery } from "./schemas.ts";
import { historyView } from "./views.ts";

export const listRuns = operation({
  name: "listRuns",
  summary: "Runs",
  description: "One's own runs over all personas, newest first; each is there the moment it has begun.",
  input: z.object({ query: listRunsQuery }),
  output: historySchema,
  run: async ({ db, history }, actor, { query }) => {
    const { status, instance_id: instanceId, project_id: projectId, q, since, until } = query;
    const found = q === undefined ? undefined : await instancesNamedLike(db, actor, q);
    const named = found?.map(({ id }) => id);
    const asked = instanceId === undefined ? undefined : [instanceId];
    const instanceIds = named && asked ? asked.filter((id) => named.includes(id)) : (named ?? asked);
    const namesOf = (rows: readonly RunRow[]) => namesOfPersonas(db, actor.clientId, rows);
    if (instanceIds?.length === 0) return historyView([], query.limit, namesOf);
    const filter = { status, projectId, since, until, instanceIds };
    return historyView(await history.ofUser(actor, filter, pageRequest(query)), query.limit, namesOf);
  },
});
