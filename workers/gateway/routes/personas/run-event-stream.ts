import type { SSEMessage } from "hono/streaming";
import type { RunFrame, TextEvent } from "#src/runs/index.ts";
import type { GatewayRequest } from "../../context.ts";
import { eventStream, heartbeat } from "../../rest/event-stream.ts";

/** A run's events as server-sent events. */
export const runEventStream = (c: GatewayRequest, frames: AsyncIterator<RunFrame | TextEvent>): Response =>
  eventStream(c, frames, (stream, frame) =>
    frame.type === "quiet" ? heartbeat(stream, frame.id) : stream.writeSSE(messageOf(frame)),
  );

function messageOf(frame: Exclude<RunFrame | TextEvent, { type: "quiet" }>): SSEMessage {
  if (frame.type === "event") return frame;
  if (frame.type === "text") return { event: frame.event, data: frame.data };
  return { id: frame.id, event: "history.gap", data: JSON.stringify(frame.gap) };
}
