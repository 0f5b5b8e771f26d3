import { Buffer } from "node:buffer";
import { createMiddleware } from "hono/factory";

const hash = async (bytes: ArrayBuffer): Promise<string> =>
  Buffer.from(await crypto.subtle.digest("SHA-256", bytes)).toString("base64url");

/** Whether an `If-None-Match` names the tag (RFC 9110, 13.1.2: compared weakly). */
export const namesTag = (header: string, tag: string): boolean =>
  header.trim() === "*" ||
  header.split(",").some((one) => one.trim().replace(/^W\//, "") === tag.replace(/^W\//, ""));

/** Gives a successful answer that has none an `ETag` of its content; 304 when the caller has that already. */
export const entityTag = createMiddleware(async (c, next) => {
  await next();
  if (c.res.status !== 200) return;
  const body = await c.res.arrayBuffer();
  const tag = c.res.headers.get("etag") ?? `W/"${await hash(body)}"`;
  const isKnown = namesTag(c.req.header("if-none-match") ?? "", tag);
  const headers = new Headers(c.res.headers);
  headers.set("ETag", tag);
  // Kept by the caller only, and asked about each time.
  headers.set("Cache-Control", "private, no-cache");
  if (isKnown) headers.delete("Content-Type");
  // Hono lays the headers of the answer there was over a new one's.
  c.res = undefined;
  c.res = new Response(isKnown ? null : body, { status: isKnown ? 304 : 200, headers });
});
