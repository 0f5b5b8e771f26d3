import { createRoute, z } from "@hono/zod-openapi";
import { streamSSE } from "hono/streaming";
import { tenantWorkflowsOfRun } from "../../../../durable-objects/tenant-workflows/client.ts";
import { errorResponses } from "../../../../src/http/error-response.ts";
import { bearer, createRouter } from "../../../../src/http/openapi.ts";
import { valueOrThrow } from "../../../../src/http/outcome.ts";
import { terminalExecutionEvents } from "../../../../src/realtime/platform-event.ts";
import { scopeOfPrincipal } from "../../../../src/workflows/run-scope.ts";
import { finalStatuses } from "../../../../src/workflows/run-state.ts";
import type { GatewayContext } from "../../context.ts";
import { authenticate } from "../../middleware/authenticate.ts";

const heartbeatMs = 15_000;
const page = 200;

const route = createRoute({
  method: "get",
  path: "/{correlation_id}/events",
  operationId: "streamRunEvents",
  tags: ["Personas"],
  summary: "The run's events as they happen (server-sent events)",
  description:
    "Ids are event numbers; `Last-Event-ID` resumes after one, with `history.gap` first when events in between " +
    "are no longer kept. A comment every 15 s keeps the connection. Ends after the run's last event.",
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
  let since = c.req.valid("header")["last-event-id"] ?? 0;
  // Of a run that is over, nothing new will come: what is kept is sent, and that is all.
  const isOver = finalStatuses.includes(run.status);
  return streamSSE(c, async (stream) => {
    while (!stream.aborted) {
      const { events, oldest } = await tenant.waitForEvents(
        { since, entityId, limit: page },
        isOver ? 0 : heartbeatMs,
      );
      // The log keeps a bounded number of events: who comes back later than that is told.
      if (since > 0 && oldest > since + 1) {
        await stream.writeSSE({ event: "history.gap", data: JSON.stringify({ since, oldest }) });
        since = oldest - 1;
      }
      for (const { seq, event, data, timestamp } of events) {
        await stream.writeSSE({ id: String(seq), event, data: JSON.stringify({ ...data, timestamp }) });
        since = seq;
        if (terminalExecutionEvents.includes(event)) return;
      }
      if (events.length > 0) continue;
      if (isOver) return;
      await stream.write(": heartbeat\n\n");
    }
  });
});
