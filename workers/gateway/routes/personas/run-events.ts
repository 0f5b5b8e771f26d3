import { z } from "@hono/zod-openapi";
import { type SSEMessage, streamSSE } from "hono/streaming";
import { tenantWorkflowsOfRun } from "#durable-objects/tenant-workflows/client.ts";
import { finalStatuses } from "#src/engine/run-state.ts";
import { errorResponses } from "#src/http/error-response.ts";
import { bearer, createRouter } from "#src/http/openapi.ts";
import { createRoute } from "#src/http/route.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { scopeOfActor } from "#src/objects/run-scope.ts";
import { followRun, hasToldAll, type RunFrame, until } from "#src/runs/follow-run.ts";
import type { GatewayContext } from "../../context.ts";
import { authenticate, bearerToken } from "../../middleware/authenticate.ts";
import { sessionEnd } from "../../session-end.ts";

const heartbeatMs = 15_000;

const route = createRoute({
  method: "get",
  path: "/{correlation_id}/events",
  operationId: "streamRunEvents",
  tags: ["Personas"],
  summary: "The run's events as they happen (server-sent events)",
  description:
    "Ids are event numbers; `Last-Event-ID` resumes after one, with `history.gap` first when events in between " +
    "are no longer kept. A comment every 15 s, with the number to resume after, keeps the connection. Ends after the run's last event " +
    "and with the session. Of a run that has ended, whoever knows its last event gets 204, after which an EventSource rests.",
  security: bearer,
  middleware: authenticate,
  request: {
    params: z.object({ correlation_id: z.uuid() }),
    headers: z.object({ "last-event-id": z.coerce.number().int().nonnegative().optional() }),
  },
  responses: {
    200: { description: "Events", content: { "text/event-stream": { schema: z.string() } } },
    204: { description: "The run has ended, and nothing came after that event" },
    ...errorResponses("VALIDATION_ERROR", "UNAUTHORIZED", "TOKEN_INVALID", "NOT_FOUND"),
  },
});

export const runEvents = createRouter<GatewayContext>().openapi(route, async (c) => {
  const { correlation_id: entityId } = c.req.valid("param");
  const tenant = tenantWorkflowsOfRun(c.env, c.var.actor.clientId, entityId);
  const run = valueOrThrow(await tenant.getRun(entityId, scopeOfActor(c.var.actor)));
  const follow = {
    runId: entityId,
    since: c.req.valid("header")["last-event-id"] ?? 0,
    isOver: finalStatuses.includes(run.status),
    quietMs: heartbeatMs,
  };
  if (await hasToldAll(tenant, follow)) return c.body(null, 204);
  const token = bearerToken(c.req.header("authorization")) ?? "";
  return streamSSE(c, async (stream) => {
    const answered = new AbortController();
    stream.onAbort(() => answered.abort());
    const end = sessionEnd(c.env, token, answered.signal);
    try {
      for await (const frame of until(end, followRun(tenant, follow))) {
        if (stream.aborted) return;
        if (frame.type === "quiet") await stream.write(`: heartbeat\nid: ${frame.since}\n\n`);
        else await stream.writeSSE(messageOf(frame));
      }
    } finally {
      answered.abort();
    }
  });
});

function messageOf(frame: Exclude<RunFrame, { type: "quiet" }>): SSEMessage {
  if (frame.type === "event") return frame;
  const { since, oldest } = frame;
  return { id: String(oldest - 1), event: "history.gap", data: JSON.stringify({ since, oldest }) };
}
