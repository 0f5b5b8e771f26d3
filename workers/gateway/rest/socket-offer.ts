import { graphqlProtocol } from "#src/realtime/index.ts";
import type { GatewayRequest } from "../context.ts";
import { offersProtocol, protocolToken, type SocketQuery } from "../middleware/authenticate-socket.ts";
import type { Offer } from "./offer.ts";

/**
 * How an operation is offered that opens a WebSocket: who calls may say so by a ticket.
 * @param query what its address may say
 * @param callerOf who calls
 * @param protocol what may be spoken on it besides its own language
 */
export const socketOffer = (
  query: SocketQuery,
  callerOf: (c: GatewayRequest, query: SocketQuery) => ReturnType<NonNullable<Offer<WebSocket>["caller"]>>,
  protocol?: string,
): Offer<WebSocket> => ({
  status: 101,
  caller: (c) => callerOf(c, query),
  body: {
    read: async (c) => ({
      isUpgrade: c.req.header("upgrade")?.toLowerCase() === "websocket",
      ticket: c.var.ticket,
      ...(protocol === graphqlProtocol && { isGraphql: offersProtocol(c, protocol) }),
    }),
  },
  answer: (c, { output: webSocket }) => {
    const spoken = spokenOn(c, protocol);
    const headers = spoken === undefined ? undefined : { "sec-websocket-protocol": spoken };
    return new Response(null, { status: 101, webSocket, headers });
  },
});

/** The sub-protocol that is spoken: another language, or the one that only brings a token. */
function spokenOn(c: GatewayRequest, protocol: string | undefined): string | undefined {
  if (protocol !== undefined && offersProtocol(c, protocol)) return protocol;
  return protocolToken(c) === undefined ? undefined : "bearer";
}
