import { z } from "zod";
import { finalStatuses } from "#src/engine/run-state.ts";
import type { LogFrame } from "#src/events/index.ts";
import { type GraphqlWants, saysWanted, streamEvents } from "#src/realtime/index.ts";
import { getRun, streamRunEvents } from "#src/runs/index.ts";
import { ask, type GraphqlContext } from "../context.ts";
import type { Happening } from "./payloads.ts";

/** What a subscription yields: something that has happened, that something is missing, or that nothing is new. */
export type SourceFrame =
  | { type: "event"; id: string | undefined; happening: Happening }
  | Exclude<LogFrame, { type: "event" }>;

interface Wanted extends GraphqlWants {
  /** A number of the log to go on after; left out, what comes from now on is told. */
  since?: number | null | undefined;
}

const placeOf = ({ resumeAfter }: GraphqlContext, since: number | null | undefined): string | undefined =>
  resumeAfter ?? (typeof since === "number" ? String(since) : undefined);

/** What happens in the tenant, as far as the caller may hear of it. */
export async function* fromLog(
  context: GraphqlContext,
  { since, ...wants }: Wanted,
): AsyncGenerator<SourceFrame> {
  const { events, entityId } = wants;
  const query = { events: events.join(","), entity_id: entityId, since: placeOf(context, since) };
  const frames = await ask(context, streamEvents, { query, headers: {} });
  if (context.follow) return context.follow(wants, since ?? undefined);
  for await (const frame of frames) {
    if (frame.type !== "event") yield frame;
    else {
      const { seq, event, entity_id, data, timestamp: at } = frame.event;
      const happening = { seq, event, entityId: entity_id, at, data };
      if (saysWanted(wants, data)) yield { type: "event", id: frame.id, happening };
    }
  }
}

const dataSchema = z.looseObject({ timestamp: z.string().optional() });

/** What happens in a run, with its text as it is written; ends with the run. */
export async function* fromRun(
  context: GraphqlContext,
  { runId, since }: { runId: string; since?: number | null | undefined },
): AsyncGenerator<SourceFrame> {
  const place = placeOf(context, since);
  if (context.follow) {
    const { status } = await ask(context, getRun, { params: { correlation_id: runId } });
    const run = finalStatuses.includes(status) ? "over" : "going";
    return context.follow({ events: ["**"], entityId: runId, run }, since ?? undefined);
  }
  const asked = { params: { correlation_id: runId }, query: {}, headers: { "last-event-id": place } };
  const frames = await ask(context, streamRunEvents, asked);
  if (!frames || !(Symbol.asyncIterator in frames)) return;
  for await (const frame of frames) {
    if (frame.type === "gap" || frame.type === "quiet") yield frame;
    else {
      const { timestamp: at = null, ...data } = dataSchema.parse(JSON.parse(frame.data));
      const id = frame.type === "event" ? frame.id : undefined;
      const seq = id === undefined ? null : Number(id.split(".").at(-1));
      yield { type: "event", id, happening: { seq, event: frame.event, entityId: runId, at, data } };
    }
  }
}
