import { type SSEMessage, streamSSE } from "hono/streaming";
import { type RunFrame, type TextEvent, until } from "#src/runs/index.ts";
import type { GatewayRequest } from "../../context.ts";
import { sessionEndOf } from "../../session-end.ts";

/** A run's events as server-sent events, until they end, the caller goes away, or the caller's session ends. */
export const runEventStream = (c: GatewayRequest, frames: AsyncIterator<RunFrame | TextEvent>): Response =>
  streamSSE(c, async (stream) => {
    const answered = new AbortController();
    stream.onAbort(() => answered.abort());
    try {
      for await (const frame of until(sessionEndOf(c)(answered.signal), frames)) {
        if (stream.aborted) return;
        if (frame.type === "quiet") await stream.write(`: heartbeat\nid: ${frame.id}\n\n`);
        else await stream.writeSSE(messageOf(frame));
      }
    } finally {
      answered.abort();
      // It may be waiting for an event; its socket at the hub ends with that.
      void frames.return?.();
    }
  });

function messageOf(frame: Exclude<RunFrame | TextEvent, { type: "quiet" }>): SSEMessage {
  if (frame.type === "event") return frame;
  if (frame.type === "text") return { event: frame.event, data: frame.data };
  return { id: frame.id, event: "history.gap", data: JSON.stringify(frame.gap) };
}
