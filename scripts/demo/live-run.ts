/** One frame of the platform's WebSocket (docs/realtime.md). */
export interface Frame {
  type: string;
  event?: string;
  id?: string;
  entity_id?: string;
  data?: Record<string, unknown>;
  seq?: number;
}

/**
 * Opens an authenticated WebSocket, subscribes to the caller's executions and
 * hands every frame to `onFrame`. Resolves once the subscription is confirmed.
 */
export function watchExecutions(
  baseUrl: string,
  token: string,
  onFrame: (frame: Frame) => void,
): Promise<WebSocket> {
  const socket = new WebSocket(`${baseUrl.replace(/^http/, "ws")}/api/v1/ws`, ["bearer", token]);
  return new Promise((resolve, reject) => {
    socket.addEventListener("error", () => reject(new Error("The WebSocket could not be opened")));
    socket.addEventListener("close", ({ code, reason }) =>
      reject(new Error(`The WebSocket closed: ${code} ${reason}`)),
    );
    socket.addEventListener("open", () =>
      socket.send(
        JSON.stringify({
          type: "command",
          event: "subscribe",
          id: "watch",
          data: { events: ["execution.*"] },
        }),
      ),
    );
    socket.addEventListener("message", ({ data }) => {
      const frame: Frame = JSON.parse(String(data));
      if (frame.type === "response" && frame.event === "subscribe") resolve(socket);
      else if (frame.event === "connection.ping")
        socket.send(JSON.stringify({ type: "command", event: "pong", id: frame.id }));
      else onFrame(frame);
    });
  });
}
