import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { cursorQuery } from "#src/http/cursor.ts";
import { errorResponses } from "#src/http/error-response.ts";
import { bearer, createRouter, idempotencyHeader, jsonBody, jsonResponse } from "#src/http/openapi.ts";
import { pageOf, pageRequest } from "#src/http/page.ts";
import { createRoute } from "#src/http/route.ts";
import { clientIdSchema } from "#src/identity/schemas.ts";
import { tenantWithin } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { decideRun } from "#src/runs/administration/decide-run.ts";
import { findRun } from "#src/runs/administration/find-run.ts";
import { listRunsOfAll, pageRunsOfWorkflow } from "#src/runs/administration/run-query-repository.ts";
import {
  administeredRunDetailSchema,
  administeredRunListSchema,
  type DecideRun,
  decidedRunSchema,
  decideRunSchema,
  listRunsQuery,
  workflowRunListSchema,
} from "#src/runs/administration/schemas.ts";
import { administeredRun } from "#src/runs/administration/views.ts";
import { findWorkflow } from "#src/workflow-definitions/workflow-repository.ts";
import type { GatewayContext } from "../../context.ts";
import { authenticate } from "../../middleware/authenticate.ts";
import { requireRole } from "../../middleware/authorize.ts";
import { personaContext } from "../../persona-context.ts";
import { runAdministration } from "../../run-administration.ts";

const shared = {
  tags: ["Administration: workflows"],
  security: bearer,
  middleware: [authenticate, requireRole("admin")],
};
const runParams = z.object({ correlation_id: z.uuid() });
const refusals = ["VALIDATION_ERROR", "UNAUTHORIZED", "TOKEN_INVALID", "INSUFFICIENT_PERMISSIONS"] as const;

const list = createRoute({
  ...shared,
  method: "get",
  path: "/runs",
  operationId: "listRunsOfPlatform",
  summary: "Runs of all tenants, newest first",
  description: "From a read model that follows the runs within moments; one run's own status is exact.",
  request: { query: listRunsQuery },
  responses: { 200: jsonResponse("Runs", administeredRunListSchema), ...errorResponses(...refusals) },
});

const get = createRoute({
  ...shared,
  method: "get",
  path: "/runs/{correlation_id}",
  operationId: "getRunOfPlatform",
  summary: "A run of any tenant with its steps, data, fuel and result",
  request: {
    params: runParams,
    query: z.object({
      client_id: clientIdSchema.optional().openapi({ description: "Whose it is; only child runs need it" }),
    }),
  },
  responses: {
    200: jsonResponse("The run", administeredRunDetailSchema),
    ...errorResponses(...refusals, "NOT_FOUND"),
  },
});

const deciding = {
  ...shared,
  method: "post" as const,
  summary: "Answer a run that waits for a person with yes, or terminate one that is not over",
  description:
    "A yes is for the step it names; without `step`, for the only one of `waiting`. " +
    "The same `Idempotency-Key` with the same body is the same decision (`Idempotent-Replayed: true`) for 24 hours.",
  request: { params: runParams, headers: idempotencyHeader, body: jsonBody(decideRunSchema) },
  responses: {
    200: jsonResponse("Done", decidedRunSchema),
    ...errorResponses(...refusals, "NOT_FOUND", "CONFLICT", "APPROVAL_AMBIGUOUS"),
  },
};
const decide = createRoute({ ...deciding, path: "/runs/{correlation_id}/resume", operationId: "decideRun" });
/** The older system's path for the same. */
const decideToo = createRoute({
  ...deciding,
  path: "/{correlation_id}/resume",
  operationId: "decideRunByOlderPath",
  deprecated: true,
});

const ofWorkflow = createRoute({
  ...shared,
  method: "get",
  path: "/{workflow}/runs",
  operationId: "listRunsOfWorkflow",
  summary: "Runs that carried out the workflow definition, as their plan or in child runs, newest first",
  request: {
    params: z.object({ workflow: z.string().min(1).max(64).openapi({ description: "Id or name" }) }),
    query: cursorQuery(),
  },
  responses: {
    200: jsonResponse("Runs", workflowRunListSchema),
    ...errorResponses(...refusals, "NOT_FOUND"),
  },
});

/** Carries out a decision; says in a header when an earlier request with the same key has. */
async function decideOn(
  c: Context<GatewayContext>,
  run: string,
  decision: DecideRun,
  key: string | undefined,
) {
  const { decided, replayed } = await decideRun(runAdministration(c), c.var.actor, run, decision, key);
  if (replayed) c.header("idempotent-replayed", "true");
  return decided;
}

/** Runs of all tenants, for administrators. Moderators see users and conversations, not runs. */
export const workflowRuns = createRouter<GatewayContext>()
  .openapi(list, async (c) => {
    const { client_id, start_date: start, end_date: end, ...query } = c.req.valid("query");
    const clientId = tenantWithin(c.var.actor, client_id);
    const { status, limit, offset } = query;
    const { db } = personaContext(c);
    const page = { ...pageRequest(query), offset };
    const found = await listRunsOfAll(db, { status, clientId, start, end }, page);
    const { rows, nextCursor } = pageOf(found, limit, (row) => [row.createdAt, row.correlationId]);
    const runs = rows.map(administeredRun);
    const hasMore = nextCursor !== null;
    return c.json(
      { runs, count: runs.length, limit, offset, has_more: hasMore, next_cursor: nextCursor },
      200,
    );
  })
  .openapi(get, async (c) => {
    const { correlation_id } = c.req.valid("param");
    const { client_id } = c.req.valid("query");
    const { run } = await findRun(runAdministration(c), c.var.actor, correlation_id, client_id);
    return c.json(run, 200);
  })
  .openapi(decide, async (c) => {
    const { correlation_id } = c.req.valid("param");
    const key = c.req.valid("header")["idempotency-key"];
    return c.json(await decideOn(c, correlation_id, c.req.valid("json"), key), 200);
  })
  .openapi(decideToo, async (c) => {
    const { correlation_id } = c.req.valid("param");
    const key = c.req.valid("header")["idempotency-key"];
    return c.json(await decideOn(c, correlation_id, c.req.valid("json"), key), 200);
  })
  .openapi(ofWorkflow, async (c) => {
    const { db } = personaContext(c);
    const page = pageRequest(c.req.valid("query"));
    const workflow = await findWorkflow(db, c.var.actor, c.req.valid("param").workflow);
    if (!workflow) throw new AppError("NOT_FOUND");
    const found = await pageRunsOfWorkflow(db, workflow.id, tenantWithin(c.var.actor), page);
    const { rows, nextCursor } = pageOf(found, page.limit, ({ run }) => [run.createdAt, run.correlationId]);
    const runs = rows.map(({ run, version }) => ({ ...administeredRun(run), workflow_version: version }));
    return c.json({ runs, count: runs.length, next_cursor: nextCursor }, 200);
  });
