import { z } from "@hono/zod-openapi";
import { tenantWorkflows } from "#durable-objects/tenant-workflows/client.ts";
import { finalStatuses } from "#src/engine/run-state.ts";
import { runViewSchema } from "#src/engine/run-view.ts";
import { errorResponses } from "#src/http/error-response.ts";
import { bearer, createRouter, idempotencyHeader, jsonBody, jsonResponse } from "#src/http/openapi.ts";
import { createRoute } from "#src/http/route.ts";
import { settingsOf } from "#src/kernel/config.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { shardOf } from "#src/objects/shards.ts";
import { formatTraceparent } from "#src/observability/trace-context.ts";
import { acceptedRunSchema, executeSchema } from "#src/personas/schemas.ts";
import { executeInstance } from "#src/runs/execute-instance.ts";
import type { GatewayContext } from "../../context.ts";
import { authenticate, bearerToken } from "../../middleware/authenticate.ts";
import { personaContext } from "../../persona-context.ts";
import { whileInForce } from "../../session-end.ts";

/** `?wait=` holds the answer back for at most this long. */
const maxWaitSeconds = 25;

const route = createRoute({
  method: "post",
  path: "/{instance_id}/execute",
  operationId: "executeInstance",
  tags: ["Personas"],
  summary: "Execute a persona instance",
  description:
    "Answers 202 at once, or with `wait` 200 when the run has ended or pauses within that many seconds; " +
    "202 as well when the caller's session ends first. " +
    "The same `Idempotency-Key` with the same body is the same run (`Idempotent-Replayed: true`) for 24 hours; " +
    "with another body it is refused. `action` is given to the plan as `input.action`.",
  security: bearer,
  middleware: authenticate,
  request: {
    params: z.object({ instance_id: z.uuid() }),
    query: z.object({ wait: z.coerce.number().int().min(0).max(maxWaitSeconds).optional() }),
    headers: idempotencyHeader,
    body: jsonBody(executeSchema),
  },
  responses: {
    200: jsonResponse("Ended or paused in time", runViewSchema),
    202: jsonResponse("Accepted", acceptedRunSchema),
    ...errorResponses(
      "VALIDATION_ERROR",
      "UNAUTHORIZED",
      "TOKEN_INVALID",
      "NOT_FOUND",
      "WORKFLOW_INVALID",
      "QUOTA_EXCEEDED",
      "PERSONA_DISABLED",
      "CONFLICT",
      "PAYLOAD_TOO_LARGE",
    ),
  },
});

export const execute = createRouter<GatewayContext>().openapi(route, async (c) => {
  const { actor, requestId, trace } = c.var;
  const { clientId, userId } = actor;
  const idempotencyKey = c.req.valid("header")["idempotency-key"];
  const workflows = tenantWorkflows(
    c.env,
    clientId,
    shardOf(settingsOf(c.env), clientId, c.req.valid("param").instance_id),
  );
  const started = await executeInstance({ ...personaContext(c), workflows }, actor, {
    instanceId: c.req.valid("param").instance_id,
    body: c.req.valid("json"),
    idempotencyKey,
    requestId,
    traceparent: formatTraceparent(trace),
  });
  const location = `/api/v1/personas/runs/${started.correlationId}`;
  c.header("Location", location);
  if (!started.created) c.header("Idempotent-Replayed", "true");
  const { wait = 0 } = c.req.valid("query");
  if (wait > 0) {
    const token = bearerToken(c.req.header("authorization")) ?? "";
    const waited = workflows.waitForRun(started.correlationId, { userId }, wait * 1000);
    // The run was accepted while the session was in force, and goes on; what becomes of it is told to nobody who has left.
    const outcome = await whileInForce(c.env, token, waited);
    const run = outcome && valueOrThrow(outcome);
    if (run && (run.status === "paused" || finalStatuses.includes(run.status))) return c.json(run, 200);
  }
  return c.json(
    { correlation_id: started.correlationId, status: started.status, events_url: `${location}/events` },
    202,
  );
});
