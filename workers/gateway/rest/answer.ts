import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { Performed } from "#src/operation/operation.ts";
import type { GatewayRequest } from "../context.ts";
import type { Offer } from "./offer.ts";

/** The usual answer: the output as JSON, and where what was made is. */
export function usualAnswer<O>(c: GatewayRequest, { output }: Performed<O>, offer: Offer<O>): Response {
  const { status = 200, location } = offer;
  if (status === 101 || status === 204) return c.body(null, status);
  if (location) c.header("Location", location(output, c.req.param()));
  return json(c, output, status);
}

export function json(c: GatewayRequest, output: unknown, status: ContentfulStatusCode = 200): Response {
  return c.body(JSON.stringify(output), status, { "content-type": "application/json" });
}
