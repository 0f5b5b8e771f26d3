import { z } from "@hono/zod-openapi";
import { Hono } from "hono";
import { connectConversation, connectConversationOfTenant } from "#src/chat/index.ts";
import { validationError } from "#src/http/error-response.ts";
import { perform } from "#src/operation/perform.ts";
import type { GatewayContext, GatewayRequest } from "../context.ts";
import { countedCaller } from "../middleware/authenticate.ts";
import { callerOrVisitorOfSocket, protocolToken } from "../middleware/authenticate-socket.ts";
import { queryOf } from "../rest/input.ts";

/** What a client of Socket.IO asks for; what else it says, its own time for example, means nothing here. */
const askingSchema = z.object({
  EIO: z.literal("4", "Engine.IO 4: Socket.IO 3 or newer"),
  transport: z.literal("websocket", 'WebSockets only: connect with `transports: ["websocket"]`'),
  conversation: z.uuid("Which conversation: connect with `query: { conversation }`"),
  as: z.enum(["owner", "staff"]).default("owner"),
  ticket: z.string().max(2048).optional(),
});

/** Opens a socket at a conversation that speaks as clients of Socket.IO do (docs/conversations.md#from-socketio). */
async function connect(c: GatewayRequest): Promise<Response> {
  const { data: asking, error } = askingSchema.safeParse(queryOf(c));
  if (error) throw validationError(error.issues);
  const caller = await countedCaller(c, () => callerOrVisitorOfSocket(c, askingSchema));
  c.set("actor", caller);
  const input = {
    params: { conversation_id: asking.conversation },
    query: {},
    body: {
      isUpgrade: c.req.header("upgrade")?.toLowerCase() === "websocket",
      ticket: c.var.ticket,
      dialect: "socket.io",
    },
  };
  const platform = c.get("platform");
  const { output: webSocket } = await (asking.as === "staff"
    ? perform(connectConversationOfTenant, platform, caller, input)
    : perform(connectConversation, platform, caller, input));
  const headers = protocolToken(c) === undefined ? undefined : { "sec-websocket-protocol": "bearer" };
  return new Response(null, { status: 101, webSocket, headers });
}

/** Where clients of Socket.IO connect by themselves. It is no route of the API, and stands in no document of it. */
export const socketIo = new Hono<GatewayContext>().get("/socket.io/", connect);
