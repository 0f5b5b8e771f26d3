import type { OpenAPIHono } from "@hono/zod-openapi";
import { AppError } from "#src/kernel/app-error.ts";
import { addHeaders } from "./answer-headers.ts";
import type { GatewayContext, GatewayRequest } from "./context.ts";

/**
 * What the page may do: as the console's, it loads what is served here and asks this origin, with fonts that stand in its
 * style sheet. GraphiQL's editor makes HTML of its own texts, so it cannot do without that (Trusted Types).
 */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

/**
 * A file of the page.
 * @param path where it is among the assets
 * @throws AppError `NOT_FOUND`
 */
async function fileOf(c: GatewayRequest, path: string, caching: string): Promise<Response> {
  const tag = c.req.header("if-none-match");
  const headers: Record<string, string> = tag === undefined ? {} : { "if-none-match": tag };
  const asset = await c.env.ASSETS.fetch(new Request(new URL(path, c.req.url), { headers }));
  if (asset.status === 404) throw new AppError("NOT_FOUND");
  const answer = new Response(asset.body, asset);
  addHeaders(answer);
  answer.headers.set("Cache-Control", caching);
  answer.headers.set("Content-Security-Policy", policy);
  return answer;
}

/** GraphiQL (docs/graphql.md), from the assets that `npm run console` builds. */
export function graphiqlPage(app: OpenAPIHono<GatewayContext>): void {
  // Asked for by its name, the document would be answered with a redirect.
  app.get("/api/graphql", (c) => fileOf(c, "/graphiql/", "no-cache"));
  app.get("/graphiql/:file{page-[0-9a-f]{16}\\.(?:js|css)}", (c) =>
    fileOf(c, c.req.path, "public, max-age=31536000, immutable"),
  );
}
