import { connectWebSocket } from "#src/identity/index.ts";
import { perform } from "#src/operation/perform.ts";
import { graphqlEnds, graphqlProtocol } from "#src/realtime/index.ts";
import type { GatewayRequest } from "./context.ts";
import { countedCaller } from "./middleware/authenticate.ts";
import { callerOfSocket, offersProtocol } from "./middleware/authenticate-socket.ts";

const querySchema = connectWebSocket.input.shape.query.pick({ ticket: true });

/** Opens a socket for GraphQL: of the tenant's hub, as any other, and told apart by its sub-protocol. */
export async function graphqlSocket(c: GatewayRequest): Promise<Response> {
  const actor = await countedCaller(c, () => callerOfSocket(c, querySchema));
  c.set("actor", actor);
  if (!offersProtocol(c, graphqlProtocol)) return closedAtOnce();
  const body = { isUpgrade: true, isGraphql: true, ticket: c.var.ticket };
  const { output } = await perform(connectWebSocket, c.get("platform"), actor, { query: {}, body });
  const headers = { "sec-websocket-protocol": graphqlProtocol };
  return new Response(null, { status: 101, webSocket: output, headers });
}

/** A socket that nobody speaks on: its client is told why as the protocol has it. */
function closedAtOnce(): Response {
  const { 0: client, 1: server } = new WebSocketPair();
  const { code, reason } = graphqlEnds.unacceptable;
  server.accept();
  server.close(code, reason);
  return new Response(null, { status: 101, webSocket: client });
}
