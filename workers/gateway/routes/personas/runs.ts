import { z } from "@hono/zod-openapi";
import { tenantWorkflowsOfRun } from "#durable-objects/tenant-workflows/client.ts";
import { runStatuses, runViewSchema } from "#src/engine/run-view.ts";
import { errorResponses } from "#src/http/error-response.ts";
import { bearer, createRouter, idempotencyHeader, jsonBody, jsonResponse } from "#src/http/openapi.ts";
import { pageRequest } from "#src/http/page.ts";
import { createRoute } from "#src/http/route.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { scopeOfActor } from "#src/objects/run-scope.ts";
import { resumeSchema } from "#src/personas/schemas.ts";
import { historySchema, listRunsQuery } from "#src/runs/history-schemas.ts";
import { runSummary } from "#src/runs/history-views.ts";
import { listOwnRuns } from "#src/runs/list-runs.ts";
import { resumeRun } from "#src/runs/resume-run.ts";
import type { GatewayContext } from "../../context.ts";
import { authenticate } from "../../middleware/authenticate.ts";
import { allWorkflowsOf, personaContext } from "../../persona-context.ts";

const shared = { tags: ["Personas"], security: bearer, middleware: authenticate };
const params = z.object({ correlation_id: z.uuid() });

const list = createRoute({
  ...shared,
  method: "get",
  path: "/",
  operationId: "listRuns",
  summary: "Runs",
  description: "One's own runs over all personas, newest first; each is there the moment it has begun.",
  request: { query: listRunsQuery },
  responses: {
    200: jsonResponse("Runs", historySchema),
    ...errorResponses("VALIDATION_ERROR", "UNAUTHORIZED", "TOKEN_INVALID"),
  },
});

const get = createRoute({
  ...shared,
  method: "get",
  path: "/{correlation_id}",
  operationId: "getRun",
  summary: "A run with its steps, data, fuel and result",
  request: { params },
  responses: {
    200: jsonResponse("The run", runViewSchema),
    ...errorResponses("VALIDATION_ERROR", "UNAUTHORIZED", "TOKEN_INVALID", "NOT_FOUND"),
  },
});

const resume = createRoute({
  ...shared,
  method: "post",
  path: "/{correlation_id}/resume",
  operationId: "resumeRun",
  summary: "Answer a run that waits for a person",
  description:
    "The answer is for the step it names; without `step`, for the only one of `waiting`. " +
    "The same `Idempotency-Key` with the same body is the same answer (`Idempotent-Replayed: true`) for 24 hours.",
  request: { params, headers: idempotencyHeader, body: jsonBody(resumeSchema) },
  responses: {
    200: jsonResponse(
      "Answered",
      z.object({ correlation_id: z.string(), status: z.enum(runStatuses) }).openapi("ResumedRun"),
    ),
    ...errorResponses(
      "VALIDATION_ERROR",
      "UNAUTHORIZED",
      "TOKEN_INVALID",
      "NOT_FOUND",
      "CONFLICT",
      "APPROVAL_AMBIGUOUS",
    ),
  },
});

export const runs = createRouter<GatewayContext>()
  .openapi(list, async (c) => {
    const { actor } = c.var;
    const {
      status,
      instance_id: instanceId,
      project_id: projectId,
      q,
      since,
      until,
      ...query
    } = c.req.valid("query");
    const context = { db: personaContext(c).db, workflows: allWorkflowsOf(c.env, actor.clientId) };
    const filter = { status, instanceId, projectId, q, since, until };
    const { rows, nextCursor } = await listOwnRuns(context, actor, filter, pageRequest(query));
    return c.json({ runs: rows.map(runSummary), count: rows.length, next_cursor: nextCursor }, 200);
  })
  .openapi(get, async (c) => {
    const { actor } = c.var;
    const { correlation_id } = c.req.valid("param");
    const tenant = tenantWorkflowsOfRun(c.env, actor.clientId, correlation_id);
    return c.json(valueOrThrow(await tenant.getRun(correlation_id, scopeOfActor(actor))), 200);
  })
  .openapi(resume, async (c) => {
    const { actor } = c.var;
    const { correlation_id } = c.req.valid("param");
    const tenant = tenantWorkflowsOfRun(c.env, actor.clientId, correlation_id);
    const context = { ...personaContext(c), tenant };
    const answer = c.req.valid("json");
    const key = c.req.valid("header")["idempotency-key"];
    const { status, replayed } = await resumeRun(context, actor, correlation_id, answer, key);
    if (replayed) c.header("idempotent-replayed", "true");
    return c.json({ correlation_id, status }, 200);
  });
