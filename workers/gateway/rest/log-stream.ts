import type { LogFrame } from "#src/events/index.ts";
import type { GatewayRequest } from "../context.ts";
import { eventStream, heartbeat } from "./event-stream.ts";

/** Events of a tenant's log as server-sent events. */
export const logStream = (c: GatewayRequest, frames: AsyncIterator<LogFrame>): Response =>
  eventStream(c, frames, (stream, frame) => {
    if (frame.type === "quiet") return heartbeat(stream, frame.id);
    const { id } = frame;
    if (frame.type === "gap")
      return stream.writeSSE({ id, event: "history.gap", data: JSON.stringify(frame.gap) });
    const { event, entity_id, data, timestamp } = frame.event;
    return stream.writeSSE({ id, event, data: JSON.stringify({ ...data, entity_id, timestamp }) });
  });
