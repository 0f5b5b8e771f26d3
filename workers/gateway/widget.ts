import type { OpenAPIHono } from "@hono/zod-openapi";
import { AppError } from "#src/kernel/app-error.ts";
import { addHeaders } from "./answer-headers.ts";
import type { GatewayContext, GatewayRequest } from "./context.ts";

/** The names of these files change with what is in them. */
const hashed = /^\/widget\/v1-[0-9a-f]{16}\.js$/;

/**
 * The element that pages of anybody load (docs/widget.md): it says nothing of anybody, so every page may have it.
 * @throws AppError `NOT_FOUND`
 */
async function widgetFile(c: GatewayRequest): Promise<Response> {
  const { path } = c.req;
  const tag = c.req.header("if-none-match");
  const headers: Record<string, string> = tag === undefined ? {} : { "if-none-match": tag };
  const asset = await c.env.ASSETS.fetch(new Request(new URL(path, c.req.url), { headers }));
  if (asset.status === 404) throw new AppError("NOT_FOUND");
  const answer = new Response(asset.body, asset);
  addHeaders(answer);
  answer.headers.set("Cache-Control", hashed.test(path) ? "public, max-age=31536000, immutable" : "no-cache");
  answer.headers.set("Access-Control-Allow-Origin", "*");
  answer.headers.set("Cross-Origin-Resource-Policy", "cross-origin");
  return answer;
}

/** The widget's files, from the assets that `npm run console` builds. */
export function widgetFiles(app: OpenAPIHono<GatewayContext>): void {
  app.get("/widget/:file{v1(-[0-9a-f]+)?\\.js}", widgetFile);
}
