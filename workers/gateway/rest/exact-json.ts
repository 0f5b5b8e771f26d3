import { inexactNumbers } from "#src/http/exact-numbers.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { halfCharacterIn } from "#src/text/well-formed.ts";
import type { GatewayRequest } from "../context.ts";
import { hasBody, isJson } from "../middleware/json-body.ts";

/** The only way for half a character into a JSON text: UTF-8 itself has none. */
const escapedHalf = /\\u[dD][89a-fA-F]/;

/**
 * Refuses a body that is none of JSON, or that would not stay what it is: with half a character, which no provider and
 * no storage takes, or a number that is no double.
 * @throws AppError `UNSUPPORTED_MEDIA_TYPE`; `VALIDATION_ERROR` with the paths
 */
export async function requireExactJson(c: GatewayRequest): Promise<void> {
  if (!hasBody(c)) return;
  if (!isJson(c.req.header("content-type") ?? "")) throw new AppError("UNSUPPORTED_MEDIA_TYPE");
  // Hono keeps the text: it is parsed again without another copy of the stream.
  const text = await c.req.text();
  const inexact = inexactNumbers(text);
  if (inexact.length > 0) throw refusedAt(inexact, "Beyond 2^53: send it as text");
  const half = escapedHalf.test(text) ? halfCharacterIn(jsonOf(text)) : undefined;
  if (half) throw refusedAt([half.join(".")], "Half a character (a lone surrogate)");
}

const refusedAt = (paths: readonly string[], message: string): AppError =>
  new AppError("VALIDATION_ERROR", { details: { fields: paths.map((path) => ({ path, message })) } });

/** What is no JSON is refused where it is parsed. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
