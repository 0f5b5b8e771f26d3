import { z } from "@hono/zod-openapi";
import { finalStatuses } from "#src/engine/run-state.ts";
import { openAtHub } from "#src/identity/index.ts";
import { isSignedIn } from "#src/kernel/actor.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { operation } from "#src/operation/operation.ts";
import { lastEventId, pageOfEvents, placeOf, type RunEventPage, runEventsQuery } from "./events-of-run.ts";
import { followRun, hasToldAll, type RunFrame } from "./follow-run.ts";
import { runParams } from "./paths.ts";
import { scopeOfActor } from "./run-scope.ts";
import { type TextEvent, TextWatch, withTexts } from "./text-watch.ts";

const heartbeatMs = 15_000;

export const streamRunEvents = operation({
  name: "streamRunEvents",
  summary: "The run's events as they happen (server-sent events)",
  description:
    "Ids say which log an event is of and its number there (`<epoch>.<seq>`); `Last-Event-ID` resumes after one, with " +
    "`history.gap` first when events in between are no longer kept, or the log has begun anew. Text comes as it is being written, in events without an id. A comment every 15 s, with the number to resume after, keeps the connection. Ends after the run's last event " +
    "and with the session. Of a run that has ended, whoever knows its last event gets 204, after which an EventSource rests. " +
    "With `format=json` the answer is a page of the events that are kept, at once.",
  input: z.object({
    params: runParams,
    query: runEventsQuery,
    headers: z.object({ "last-event-id": lastEventId }),
  }),
  /** What happens in the run, or a page of it; null when there is nothing left to tell. Whoever hands it on ends it with the session. */
  output: z.custom<AsyncGenerator<RunFrame | TextEvent> | RunEventPage | null>(),
  refusals: ["NOT_FOUND"],
  run: async (platform, actor, { params: { correlation_id: runId }, query, headers }) => {
    const { objects } = platform;
    const tenant = await objects.workflowsOfRun(actor.clientId, runId);
    const run = valueOrThrow(await tenant.getRun(runId, scopeOfActor(actor)));
    const known = headers["last-event-id"] ?? query.after;
    if (query.format === "json") return pageOfEvents(tenant, { runId, after: known, limit: query.limit });
    const follow = {
      runId,
      since: placeOf(known),
      isOver: finalStatuses.includes(run.status),
      quietMs: heartbeatMs,
    };
    if (await hasToldAll(tenant, follow)) return null;
    if (follow.isOver || !isSignedIn(actor)) return followRun(tenant, follow);
    const texts = new TextWatch(async () => (await openAtHub(platform, actor, { textsOf: runId })).webSocket);
    // A text comes before the event with which it ends.
    return withTexts(followRun(tenant, { ...follow, settle: () => texts.settle() }), texts);
  },
});
