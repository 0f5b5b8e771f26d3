import { connectWebSocket, createWebSocketTicket } from "#src/identity/index.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { callerOfPage, callerOfSocket, protocolToken } from "../middleware/authenticate-socket.ts";
import { json } from "../rest/answer.ts";
import { get, post, restRouter } from "../rest/table.ts";

export const ws = restRouter("Realtime", [
  get("/ws", connectWebSocket, "Connected", {
    status: 101,
    caller: callerOfSocket,
    body: {
      read: async (c) => {
        if (c.req.header("upgrade")?.toLowerCase() !== "websocket") {
          throw new AppError("UPGRADE_REQUIRED", { headers: { Upgrade: "websocket" } });
        }
        return { ticket: c.var.ticket };
      },
    },
    answer: (c, { output: webSocket }) => {
      const headers = protocolToken(c) === undefined ? undefined : { "sec-websocket-protocol": "bearer" };
      return new Response(null, { status: 101, webSocket, headers });
    },
  }),
  post("/ws/ticket", createWebSocketTicket, "The ticket", {
    caller: callerOfPage,
    body: { read: async (c) => ({ origin: c.req.header("origin") ?? null }) },
    answer: (c, { output }) => {
      c.header("cache-control", "no-store");
      return json(c, output);
    },
  }),
]);
