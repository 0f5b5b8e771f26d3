import type { Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import { HTTPException } from "hono/http-exception";
import { AppError } from "#src/kernel/app-error.ts";
import type { GatewayContext } from "./context.ts";
import { hasBody } from "./middleware/json-body.ts";

const isForm = (type: string): boolean =>
  /^(?:multipart\/form-data|application\/x-www-form-urlencoded)\s*(?:;|$)/i.test(type);

/**
 * How to read a form's fields; of one that is there several times, a list.
 * @param tooLarge the refusal of a body of more than `maxBytes`
 */
export function formBody(maxBytes: number, tooLarge: () => AppError) {
  const limit = bodyLimit({
    maxSize: maxBytes,
    onError: () => {
      throw tooLarge();
    },
  });
  return async (c: Context<GatewayContext>): Promise<Record<string, unknown>> => {
    await limit(c, async () => {});
    const type = c.req.header("content-type");
    if (type === undefined && !hasBody(c)) return {};
    if (!isForm(type ?? "")) {
      throw new AppError("UNSUPPORTED_MEDIA_TYPE", { message: "Unsupported Media Type" });
    }
    try {
      return await c.req.parseBody({ all: true });
    } catch (cause) {
      if (cause instanceof AppError) throw cause;
      // Not ours, so that a body that broke off is known for one.
      throw new HTTPException(400, { message: `Malformed FormData request. ${cause}`, cause });
    }
  };
}
