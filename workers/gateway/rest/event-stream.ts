import { type SSEStreamingApi, streamSSE } from "hono/streaming";
import { until } from "#src/runs/index.ts";
import type { GatewayRequest } from "../context.ts";
import { sessionEndOf } from "../session-end.ts";

/**
 * Answers with server-sent events, until they end, the caller goes away, or the caller's session ends.
 * @param write says one of them
 */
export const eventStream = <T>(
  c: GatewayRequest,
  frames: AsyncIterator<T>,
  write: (stream: SSEStreamingApi, frame: T) => Promise<unknown>,
): Response =>
  streamSSE(c, async (stream) => {
    const answered = new AbortController();
    stream.onAbort(() => answered.abort());
    try {
      for await (const frame of until(sessionEndOf(c)(answered.signal), frames)) {
        if (stream.aborted) return;
        await write(stream, frame);
      }
    } finally {
      answered.abort();
      // It may be waiting for something; what it has open ends with that.
      void frames.return?.();
    }
  });

/** A comment that keeps the connection, with what to resume after. */
export const heartbeat = (stream: SSEStreamingApi, after: number | string): Promise<unknown> =>
  stream.write(`: heartbeat\nid: ${after}\n\n`);
