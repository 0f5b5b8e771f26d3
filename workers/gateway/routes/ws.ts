import { createRoute, z } from "@hono/zod-openapi";
import { tenantHub } from "../../../durable-objects/tenant-hub/client.ts";
import { settingsOf } from "../../../src/config.ts";
import { AppError } from "../../../src/http/app-error.ts";
import { errorResponses } from "../../../src/http/error-response.ts";
import { bearer, createRouter } from "../../../src/http/openapi.ts";
import { type Connection, connectionHeader } from "../../../src/realtime/connection.ts";
import type { GatewayContext } from "../context.ts";
import { verifiedToken } from "../middleware/authenticate.ts";

const connect = (hide: boolean) =>
  createRoute({
    hide,
    method: "get",
    path: "/ws",
    operationId: "connectWebSocket",
    tags: ["Realtime"],
    summary: "Open the tenant's WebSocket",
    description:
      "Authenticate with `Authorization: Bearer` or, in browsers, with the sub-protocols `bearer, <token>`. " +
      "`since` resumes after that event number.",
    security: bearer,
    request: { query: z.object({ since: z.coerce.number().int().nonnegative().optional() }) },
    responses: {
      101: { description: "Connected" },
      ...errorResponses(
        "VALIDATION_ERROR",
        "UNAUTHORIZED",
        "TOKEN_INVALID",
        "INSUFFICIENT_PERMISSIONS",
        "UPGRADE_REQUIRED",
      ),
    },
  });

/** The token in the sub-protocols `bearer, <token>`. */
function protocolToken(header: string | undefined): string | undefined {
  const [scheme, token] = (header ?? "").split(",").map((part) => part.trim());
  return scheme === "bearer" ? token : undefined;
}

/** `GET /ws`; it is served under two paths and documented under one. */
export const ws = ({ hide }: { hide: boolean }) =>
  createRouter<GatewayContext>().openapi(connect(hide), async (c) => {
    if (c.req.header("upgrade")?.toLowerCase() !== "websocket") {
      throw new AppError("UPGRADE_REQUIRED", { headers: { Upgrade: "websocket" } });
    }
    const origin = c.req.header("origin");
    if (
      origin !== undefined &&
      origin !== new URL(c.req.url).origin &&
      !settingsOf(c.env).ALLOWED_ORIGINS.includes(origin)
    ) {
      throw new AppError("INSUFFICIENT_PERMISSIONS", { message: "This origin may not connect" });
    }
    const fromProtocol = protocolToken(c.req.header("sec-websocket-protocol"));
    const [, fromHeader] = /^Bearer (\S+)$/i.exec(c.req.header("authorization") ?? "") ?? [];
    const token = fromHeader ?? fromProtocol;
    if (!token) throw new AppError("UNAUTHORIZED");
    const { principal, expiresAt } = await verifiedToken(c.env, token);
    const connection: Connection = {
      clientId: principal.clientId,
      userId: principal.userId,
      role: principal.role,
      sessionId: principal.sessionId,
      expiresAt: expiresAt * 1000,
      seenSeq: 0,
      patterns: [],
    };
    const { since } = c.req.valid("query");
    // A request of our own: nothing that the client sent goes along but the upgrade.
    const response = await tenantHub(c.env, principal.clientId).fetch(
      `https://hub/${since === undefined ? "" : `?since=${since}`}`,
      {
        headers: { upgrade: "websocket", [connectionHeader]: JSON.stringify(connection) },
      },
    );
    const headers = fromProtocol === undefined ? undefined : { "sec-websocket-protocol": "bearer" };
    return new Response(null, { status: 101, webSocket: response.webSocket, headers });
  });
