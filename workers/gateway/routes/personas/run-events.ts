import { createRoute, z } from "@hono/zod-openapi";
import { type SSEMessage, streamSSE } from "hono/streaming";
import { tenantWorkflowsOfRun } from "../../../../durable-objects/tenant-workflows/client.ts";
import { errorResponses } from "../../../../src/http/error-response.ts";
import { bearer, createRouter } from "../../../../src/http/openapi.ts";
import { valueOrThrow } from "../../../../src/http/outcome.ts";
import { followRun, type RunFrame } from "../../../../src/personas/follow-run.ts";
import { scopeOfPrincipal } from "../../../../src/workflows/run-scope.ts";
import { finalStatuses } from "../../../../src/workflows/run-state.ts";
import type { GatewayContext } from "../../context.ts";
import { authenticate } from "../../middleware/authenticate.ts";

const heartbeatMs = 15_000;

const route = createRoute({
  method: "get",
  path: "/{correlation_id}/events",
  operationId: "streamRunEvents",
  tags: ["Personas"],
  summary: "The run's events as they happen (server-sent events)",
  description:
    "Ids are event numbers; `Last-Event-ID` resumes after one, with `history.gap` first when events in between " +
    "are no longer kept. A comment every 15 s, with the number to resume after, keeps the connection. Ends after the run's last event.",
  security: bearer,
  middleware: authenticate,
  request: {
    params: z.object({ correlation_id: z.uuid() }),
    headers: z.object({ "last-event-id": z.coerce.number().int().nonnegative().optional() }),
  },
  responses: {
    200: { description: "Events", content: { "text/event-stream": { schema: z.string() } } },
    ...errorResponses("VALIDATION_ERROR", "UNAUTHORIZED", "TOKEN_INVALID", "NOT_FOUND"),
  },
});

export const runEvents = createRouter<GatewayContext>().openapi(route, async (c) => {
  const { correlation_id: entityId } = c.req.valid("param");
  const tenant = tenantWorkflowsOfRun(c.env, c.var.principal.clientId, entityId);
  const run = valueOrThrow(await tenant.getRun(entityId, scopeOfPrincipal(c.var.principal)));
  const follow = {
    runId: entityId,
    since: c.req.valid("header")["last-event-id"] ?? 0,
    isOver: finalStatuses.includes(run.status),
    quietMs: heartbeatMs,
  };
  return streamSSE(c, async (stream) => {
    for await (const frame of followRun(tenant, follow)) {
      if (stream.aborted) return;
      if (frame.type === "quiet") await stream.write(`: heartbeat\nid: ${frame.since}\n\n`);
      else await stream.writeSSE(messageOf(frame));
    }
  });
});

function messageOf(frame: Exclude<RunFrame, { type: "quiet" }>): SSEMessage {
  if (frame.type === "event") return frame;
  const { since, oldest } = frame;
  return { event: "history.gap", data: JSON.stringify({ since, oldest }) };
}
