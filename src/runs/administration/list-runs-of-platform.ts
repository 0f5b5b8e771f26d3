import { z } from "@hono/zod-openapi";
import { pageOf, pageRequest } from "#src/http/page.ts";
import { tenantWithin } from "#src/kernel/actor.ts";
import { operation } from "#src/operation/operation.ts";
import { namesOfPersonas } from "../history/names-of-personas.ts";
import { listRunsOfAll } from "./run-query-repository.ts";
import { administeredRunListSchema, listRunsQuery } from "./schemas.ts";
import { administeredRun } from "./views.ts";

export const listRunsOfPlatform = operation({
  name: "listRunsOfPlatform",
  summary: "Runs of all tenants, newest first",
  description: "From a read model that follows the runs within moments; one run's own status is exact.",
  input: z.object({ query: listRunsQuery }),
  output: administeredRunListSchema,
  run: async ({ db }, actor, { query }) => {
    const { client_id, start_date: start, end_date: end, status, limit, offset } = query;
    const filter = { status, clientId: tenantWithin(actor, client_id), start, end };
    const found = await listRunsOfAll(db, filter, { ...pageRequest(query), offset });
    const { rows, nextCursor } = pageOf(found, limit, (row) => [row.createdAt, row.correlationId]);
    const names = await namesOfPersonas(db, filter.clientId, rows);
    return {
      runs: rows.map((row) => administeredRun(row, names)),
      count: rows.length,
      limit,
      offset,
      has_more: nextCursor !== null,
      next_cursor: nextCursor,
    };
  },
});
