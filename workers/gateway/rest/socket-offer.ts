import type { GatewayRequest } from "../context.ts";
import { protocolToken, type SocketQuery } from "../middleware/authenticate-socket.ts";
import type { Offer } from "./offer.ts";

/**
 * How an operation is offered that opens a WebSocket: who calls may say so by a ticket.
 * @param query what its address may say
 * @param callerOf who calls
 */
export const socketOffer = (
  query: SocketQuery,
  callerOf: (c: GatewayRequest, query: SocketQuery) => ReturnType<NonNullable<Offer<WebSocket>["caller"]>>,
): Offer<WebSocket> => ({
  status: 101,
  caller: (c) => callerOf(c, query),
  body: {
    read: async (c) => ({
      isUpgrade: c.req.header("upgrade")?.toLowerCase() === "websocket",
      ticket: c.var.ticket,
    }),
  },
  answer: (c, { output: webSocket }) => {
    const headers = protocolToken(c) === undefined ? undefined : { "sec-websocket-protocol": "bearer" };
    return new Response(null, { status: 101, webSocket, headers });
  },
});
