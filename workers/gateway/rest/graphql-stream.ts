import type { StreamFrame } from "#src/graphql/index.ts";
import type { GatewayRequest } from "../context.ts";
import { eventStream, heartbeat } from "./event-stream.ts";

/** Results of an operation as server-sent events, as GraphQL-SSE has them for one operation a connection. */
export const graphqlStream = (c: GatewayRequest, frames: AsyncIterator<StreamFrame>): Response =>
  eventStream(c, frames, (stream, frame) => {
    switch (frame.type) {
      case "quiet":
        return heartbeat(stream, frame.id);
      case "complete":
        return stream.writeSSE({ event: "complete", data: "" });
      case "next":
        return stream.writeSSE({ id: frame.id, event: "next", data: JSON.stringify(frame.result) });
    }
  });
