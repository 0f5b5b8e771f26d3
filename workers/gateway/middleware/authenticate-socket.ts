import type { z } from "@hono/zod-openapi";
import { validationError } from "#src/http/error-response.ts";
import { verifyTicket } from "#src/identity/index.ts";
import type { SignedIn, WidgetVisitor } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { keyRingOf } from "#src/kernel/key-ring.ts";
import { isVisitorToken } from "#src/visitors/index.ts";
import type { GatewayRequest } from "../context.ts";
import { deviceOf } from "../device.ts";
import { queryOf } from "../rest/input.ts";
import { bearerToken, callerOf, callerOrVisitor } from "./authenticate.ts";

const protocolsOf = (c: GatewayRequest): string[] =>
  (c.req.header("sec-websocket-protocol") ?? "").split(",").map((part) => part.trim());

/** Whether a socket is asked for that speaks a protocol. */
export const offersProtocol = (c: GatewayRequest, protocol: string): boolean =>
  protocolsOf(c).includes(protocol);

/** The token in the sub-protocols `bearer, <token>`. */
export function protocolToken(c: GatewayRequest): string | undefined {
  const [scheme, token] = protocolsOf(c);
  return scheme === "bearer" ? token : undefined;
}

/** 403 for a page of an origin that may not connect; browsers apply no CORS to WebSockets. */
function assertOrigin(c: GatewayRequest): void {
  const origin = c.req.header("origin");
  const { ALLOWED_ORIGINS } = c.get("platform").settings;
  const isAllowed =
    origin === undefined || origin === new URL(c.req.url).origin || ALLOWED_ORIGINS.includes(origin);
  if (!isAllowed) throw new AppError("INSUFFICIENT_PERMISSIONS", { message: "This origin may not connect" });
}

/** As `callerOf`, for pages of origins that may connect. */
export async function callerOfPage(c: GatewayRequest): Promise<SignedIn> {
  assertOrigin(c);
  return callerOf(c);
}

/** What the address of a socket says, of which the ticket stands for a token. */
export type SocketQuery = z.ZodType<{ ticket?: string }>;

/** As `callerOfSocket`, where visitors of widgets connect as well: from the pages that their tokens are of. */
export async function callerOrVisitorOfSocket(
  c: GatewayRequest,
  schema: SocketQuery,
): Promise<SignedIn | WidgetVisitor> {
  const token = bearerToken(c.req.header("authorization")) ?? protocolToken(c);
  if (token === undefined || !isVisitorToken(token)) return callerOfSocket(c, schema);
  const { error } = schema.safeParse(queryOf(c));
  if (error) throw validationError(error.issues);
  return callerOrVisitor(c, token);
}

/** Who wants to connect, by their token or by a ticket that stands for it; an address that says nonsense is told first. */
export async function callerOfSocket(c: GatewayRequest, schema: SocketQuery): Promise<SignedIn> {
  const { data: query, error } = schema.safeParse(queryOf(c));
  if (error) throw validationError(error.issues);
  assertOrigin(c);
  const token = bearerToken(c.req.header("authorization")) ?? protocolToken(c);
  if (token !== undefined || query.ticket === undefined) return callerOf(c, token);
  const { settings, clock } = c.get("platform");
  const origin = c.req.header("origin") ?? null;
  const { caller, ...used } = await verifyTicket(query.ticket, origin, keyRingOf(settings), clock.now());
  c.set("ticket", used);
  // A ticket vouches for a socket and for nothing else.
  const nothingElse = { email: "", scope: "own" } as const;
  return { kind: "user", ...caller, ...nothingElse, via: "websocket", device: deviceOf(c) };
}
