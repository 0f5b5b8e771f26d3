import type { OpenAPIHono } from "@hono/zod-openapi";
import { AppError } from "#src/kernel/app-error.ts";
import type { GatewayContext, GatewayRequest } from "./context.ts";

/** What a page of the console may do: load what is served here, run nothing that is not a file, and ask this origin. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "manifest-src 'self'",
  "worker-src 'self'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

/** Names of these files change with what is in them. */
const hashed = "/console/assets/";

/**
 * The console's file at the path of a request, or its document: which page is meant, its program decides.
 * @throws AppError `NOT_FOUND` for a file that is not there
 */
async function consoleFile(c: GatewayRequest): Promise<Response> {
  const { path } = c.req;
  const isFile = /\.[a-z0-9]+$/i.test(path);
  // Asked for by its name, the document would be answered with a redirect.
  const asked = new Request(new URL(isFile ? path : "/console/", c.req.url), {
    headers: ifNoneMatch(c),
  });
  const asset = await c.env.ASSETS.fetch(asked);
  if (asset.status === 404) throw new AppError("NOT_FOUND");
  const answer = new Response(asset.body, asset);
  const { headers } = answer;
  headers.set("Cache-Control", path.startsWith(hashed) ? "public, max-age=31536000, immutable" : "no-cache");
  headers.set("Content-Security-Policy", policy);
  headers.set("Permissions-Policy", "camera=(), microphone=(), geolocation=()");
  return answer;
}

function ifNoneMatch(c: GatewayRequest): Record<string, string> {
  const tag = c.req.header("if-none-match");
  return tag === undefined ? {} : { "if-none-match": tag };
}

/** The console (docs/console.md), from the assets that `npm run console` builds. */
export function consolePages(app: OpenAPIHono<GatewayContext>): void {
  app.get("/console", (c) => c.redirect("/console/", 308));
  app.get("/console/*", consoleFile);
}
