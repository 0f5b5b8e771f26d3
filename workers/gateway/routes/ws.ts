import { z } from "@hono/zod-openapi";
import { tenantHub } from "#durable-objects/tenant-hub/client.ts";
import { database } from "#src/db/client.ts";
import { errorResponses } from "#src/http/error-response.ts";
import { bearer, createRouter, jsonResponse } from "#src/http/openapi.ts";
import { createRoute } from "#src/http/route.ts";
import type { VerifiedToken } from "#src/identity/sessions/access-token.ts";
import { isSessionInForce } from "#src/identity/sessions/session-repository.ts";
import { signTicket, ticketSeconds, verifyTicket } from "#src/identity/sessions/ticket.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { settingsOf } from "#src/kernel/config.ts";
import { keyRingOf } from "#src/kernel/key-ring.ts";
import { type Caller, type Opening, openingHeader } from "#src/realtime/connection.ts";
import type { GatewayContext } from "../context.ts";
import type { GatewayEnv } from "../env.ts";
import { bearerToken, nobodyCanTell, verifiedToken } from "../middleware/authenticate.ts";

const connect = (hide: boolean) =>
  createRoute({
    hide,
    method: "get",
    path: "/ws",
    operationId: "connectWebSocket",
    tags: ["Realtime"],
    summary: "Open the tenant's WebSocket",
    description:
      "Authenticate with `Authorization: Bearer` or, in browsers, with the sub-protocols `bearer, <token>` or a " +
      "`ticket` from `POST /ws/ticket`. `since` resumes after that event number. A user has at most 20 sockets.",
    security: bearer,
    request: {
      query: z.object({
        since: z.coerce.number().int().nonnegative().optional(),
        ticket: z.string().max(2048).optional(),
      }),
    },
    responses: {
      101: { description: "Connected" },
      ...errorResponses(
        "VALIDATION_ERROR",
        "UNAUTHORIZED",
        "TOKEN_INVALID",
        "TOKEN_EXPIRED",
        "INSUFFICIENT_PERMISSIONS",
        "UPGRADE_REQUIRED",
        "RATE_LIMITED",
        "UPSTREAM_UNAVAILABLE",
      ),
    },
  });

const ticketSchema = z
  .object({
    ticket: z.string().openapi({ description: "To be sent as `?ticket=…`, once" }),
    expires_in: z.number().int().openapi({ description: "Seconds that it is good", example: ticketSeconds }),
  })
  .openapi("WebSocketTicket");

const ticketRoute = (hide: boolean) =>
  createRoute({
    hide,
    method: "post",
    path: "/ws/ticket",
    operationId: "createWebSocketTicket",
    tags: ["Realtime"],
    summary: "A ticket that opens one WebSocket",
    description:
      "For clients that can send no header: good once, for 30 s, with the session and from the origin that asked for it.",
    security: bearer,
    responses: {
      200: jsonResponse("The ticket", ticketSchema),
      ...errorResponses(
        "UNAUTHORIZED",
        "TOKEN_INVALID",
        "TOKEN_EXPIRED",
        "INSUFFICIENT_PERMISSIONS",
        "UPSTREAM_UNAVAILABLE",
      ),
    },
  });

/** The token in the sub-protocols `bearer, <token>`. */
function protocolToken(header: string | undefined): string | undefined {
  const [scheme, token] = (header ?? "").split(",").map((part) => part.trim());
  return scheme === "bearer" ? token : undefined;
}

/** 403 for a page of an origin that may not connect; browsers apply no CORS to WebSockets. */
function assertOrigin(env: GatewayEnv, url: string, origin: string | undefined): void {
  const isAllowed =
    origin === undefined ||
    origin === new URL(url).origin ||
    settingsOf(env).ALLOWED_ORIGINS.includes(origin);
  if (!isAllowed) throw new AppError("INSUFFICIENT_PERMISSIONS", { message: "This origin may not connect" });
}

const callerOf = ({ actor, expiresAt }: VerifiedToken): Caller => ({
  clientId: actor.clientId,
  userId: actor.userId,
  role: actor.role,
  sessionId: actor.sessionId,
  expiresAt: expiresAt * 1000,
});

/** 401 unless the session is there and in force: the database says so, not a lease of the gate. 503 when it cannot. */
async function assertSession(env: GatewayEnv, { sessionId }: Caller): Promise<void> {
  const isInForce = await isSessionInForce(database(env.DB), sessionId).catch(nobodyCanTell);
  if (!isInForce) throw new AppError("TOKEN_INVALID", { message: "The session has ended" });
}

/** Opens a socket at the tenant's hub. */
async function open(env: GatewayEnv, opening: Opening): Promise<WebSocket> {
  // A request of our own: nothing that the client sent goes along but the upgrade.
  const { status, webSocket } = await tenantHub(env, opening.caller.clientId).fetch("https://hub/", {
    headers: { upgrade: "websocket", [openingHeader]: JSON.stringify(opening) },
  });
  if (webSocket) return webSocket;
  if (status === 401) throw new AppError("TOKEN_INVALID", { message: "The ticket has been used" });
  throw new AppError("RATE_LIMITED", {
    message: "Too many sockets are open",
    headers: { "Retry-After": "10" },
  });
}

/** `GET /ws` and `POST /ws/ticket`; they are served under two paths and documented under one. */
export const ws = ({ hide }: { hide: boolean }) =>
  createRouter<GatewayContext>()
    .openapi(connect(hide), async (c) => {
      const origin = c.req.header("origin");
      assertOrigin(c.env, c.req.url, origin);
      const { since, ticket } = c.req.valid("query");
      const fromProtocol = protocolToken(c.req.header("sec-websocket-protocol"));
      const token = bearerToken(c.req.header("authorization")) ?? fromProtocol;
      const opening = await openingOf(c.env, { token, ticket, origin: origin ?? null });
      if (c.req.header("upgrade")?.toLowerCase() !== "websocket") {
        throw new AppError("UPGRADE_REQUIRED", { headers: { Upgrade: "websocket" } });
      }
      await assertSession(c.env, opening.caller);
      const webSocket = await open(c.env, { ...opening, since });
      const headers = fromProtocol === undefined ? undefined : { "sec-websocket-protocol": "bearer" };
      return new Response(null, { status: 101, webSocket, headers });
    })
    .openapi(ticketRoute(hide), async (c) => {
      const origin = c.req.header("origin");
      assertOrigin(c.env, c.req.url, origin);
      const token = bearerToken(c.req.header("authorization"));
      if (!token) throw new AppError("UNAUTHORIZED");
      const caller = callerOf(await verifiedToken(c.env, token));
      await assertSession(c.env, caller);
      const ring = keyRingOf(settingsOf(c.env));
      const ticket = await signTicket({ caller, origin: origin ?? null }, ring, Date.now());
      return c.json({ ticket, expires_in: ticketSeconds }, 200, { "cache-control": "no-store" });
    });

/** Who wants to connect, by their token or by a ticket. */
async function openingOf(
  env: GatewayEnv,
  { token, ticket, origin }: { token?: string; ticket?: string; origin: string | null },
): Promise<Opening> {
  if (token) return { caller: callerOf(await verifiedToken(env, token)) };
  if (!ticket) throw new AppError("UNAUTHORIZED");
  const { caller, ...used } = await verifyTicket(ticket, origin, keyRingOf(settingsOf(env)), Date.now());
  return { caller, ticket: used };
}
