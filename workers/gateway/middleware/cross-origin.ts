import type { Context, Next } from "hono";
import { cors } from "hono/cors";
import { createMiddleware } from "hono/factory";
import { isAccount } from "#src/kernel/actor.ts";
import { settingsOf } from "#src/kernel/config.ts";
import type { GatewayContext } from "../context.ts";

const exposeHeaders = [
  "X-Request-ID",
  "X-Database-Bookmark",
  "ETag",
  "Content-Range",
  "Content-Disposition",
  "Location",
  "Retry-After",
  "Idempotent-Replayed",
  "WWW-Authenticate",
  "X-GraphQL-Cost",
  "X-Detached-Instances",
  "X-RateLimit-Limit",
  "X-RateLimit-Remaining",
  "X-RateLimit-Reset",
  "RateLimit",
  "RateLimit-Policy",
];

const isListed = (c: Context<GatewayContext>, origin: string): boolean =>
  settingsOf(c.env).ALLOWED_ORIGINS.includes(origin);

const answerPage = cors({
  origin: (origin, c) => (isListed(c, origin) ? origin : null),
  credentials: true,
  exposeHeaders,
  maxAge: 600,
});

/** What visitors of widgets ask for, from whichever page has one. */
const ofVisitors =
  /^\/api\/v1\/(?:widgets\/sessions$|user\/consents$|(?:conversations|personalization\/(?:user-profile|context))(?:\/|$))/;

/**
 * Any page may ask for what is a visitor's: who is one, and of which page, their token says, which is held against the
 * page; no browser adds anything by itself. What is answered to an account such a page cannot read.
 */
const answerWidget = cors({ origin: (origin) => origin, credentials: false, exposeHeaders, maxAge: 600 });

async function answerVisitor(c: Context<GatewayContext>, next: Next): Promise<Response | undefined> {
  const instead = await answerWidget(c, next);
  const actor = c.get("actor");
  if (actor && isAccount(actor)) c.res.headers.delete("Access-Control-Allow-Origin");
  return instead ?? undefined;
}

/**
 * CORS for what a page of another origin sends. All else, which is most, is only marked
 * as depending on the origin, so that no cache hands it to such a page.
 */
export const crossOrigin = createMiddleware<GatewayContext>(async (c, next) => {
  const origin = c.req.header("origin");
  if (origin !== undefined && ofVisitors.test(c.req.path) && !isListed(c, origin))
    return answerVisitor(c, next);
  if (origin !== undefined || c.req.method === "OPTIONS") return answerPage(c, next);
  await next();
  c.res.headers.append("Vary", "Origin");
});
