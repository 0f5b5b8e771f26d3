import { cors } from "hono/cors";
import { createMiddleware } from "hono/factory";
import { settingsOf } from "#src/kernel/config.ts";
import type { GatewayContext } from "../context.ts";

const answerPage = cors({
  origin: (origin, c) => (settingsOf(c.env).ALLOWED_ORIGINS.includes(origin) ? origin : null),
  credentials: true,
  exposeHeaders: [
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
  ],
  maxAge: 600,
});

/**
 * CORS for what a page of another origin sends. All else, which is most, is only marked
 * as depending on the origin, so that no cache hands it to such a page.
 */
export const crossOrigin = createMiddleware<GatewayContext>(async (c, next) => {
  if (c.req.header("origin") !== undefined || c.req.method === "OPTIONS") return answerPage(c, next);
  await next();
  c.res.headers.append("Vary", "Origin");
});
