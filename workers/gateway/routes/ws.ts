import { connectWebSocket, createWebSocketTicket } from "#src/identity/index.ts";
import { graphqlProtocol } from "#src/realtime/index.ts";
import { callerOfPage, callerOfSocket } from "../middleware/authenticate-socket.ts";
import { json } from "../rest/answer.ts";
import { socketOffer } from "../rest/socket-offer.ts";
import { get, post, restRouter } from "../rest/table.ts";

export const ws = restRouter("Realtime", [
  get(
    "/ws",
    connectWebSocket,
    "Connected",
    socketOffer(connectWebSocket.input.shape.query, callerOfSocket, graphqlProtocol),
  ),
  post("/ws/ticket", createWebSocketTicket, "The ticket", {
    caller: callerOfPage,
    body: { read: async (c) => ({ origin: c.req.header("origin") ?? null }) },
    answer: (c, { output }) => {
      c.header("cache-control", "no-store");
      return json(c, output);
    },
  }),
]);
