import { createMiddleware } from "hono/factory";
import { AppError } from "#src/kernel/app-error.ts";
import { halfCharacterIn } from "#src/text/well-formed.ts";
import type { GatewayContext } from "../context.ts";

/** The only way for half a character into a JSON text: UTF-8 itself has none. */
const escapedHalf = /\\u[dD][89a-fA-F]/;

/** 400 with the path of half a character in a JSON body: no provider and no storage takes one. */
export const requireWholeCharacters = createMiddleware<GatewayContext>(async (c, next) => {
  if (c.req.raw.body !== null) {
    // Hono keeps the text: the route's own parsing does not read the stream again, and meets what is wrong with it.
    const text = await c.req.text().catch(() => "");
    const path = escapedHalf.test(text) ? halfCharacterIn(jsonOf(text)) : undefined;
    if (path) {
      const message = "Half a character (a lone surrogate)";
      throw new AppError("VALIDATION_ERROR", { details: { fields: [{ path: path.join("."), message }] } });
    }
  }
  await next();
});

/** What is no JSON is refused where it is parsed. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
