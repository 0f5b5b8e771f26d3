import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { Performed } from "#src/operation/operation.ts";
import { jsonAnswer } from "../answer-headers.ts";
import type { GatewayRequest } from "../context.ts";
import type { Offer } from "./offer.ts";

/** The usual answer: the output as JSON, and where what was made is. */
export function usualAnswer<O>(c: GatewayRequest, { output }: Performed<O>, offer: Offer<O>): Response {
  const { status = 200, location } = offer;
  if (status === 101 || status === 204) return c.body(null, status);
  const answer = jsonAnswer(JSON.stringify(output), status);
  if (location) answer.headers.set("Location", location(output, c.req.param()));
  return answer;
}

export function json(c: GatewayRequest, output: unknown, status: ContentfulStatusCode = 200): Response {
  return c.body(JSON.stringify(output), status, { "content-type": "application/json" });
}
