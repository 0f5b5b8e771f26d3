import type { Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import { createMiddleware } from "hono/factory";
import { inexactNumbers } from "#src/http/exact-numbers.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { GatewayContext } from "../context.ts";

/** 1 MB for JSON (docs/api.md#requests). */
const maxJsonBytes = 1024 * 1024;

const refuseTooLarge = () => {
  throw new AppError("PAYLOAD_TOO_LARGE", { details: { max_bytes: maxJsonBytes } });
};

/** Whether a body of the type is JSON. */
export const isJson = (type: string): boolean => /^application\/json\s*(;|$)/i.test(type);

export const jsonBodyLimit = bodyLimit({ maxSize: maxJsonBytes, onError: refuseTooLarge });

/** Whether a request brings a body; there can be a stream of no bytes as well. */
export const hasBody = ({ req }: Context<GatewayContext>): boolean =>
  req.raw.body !== null && req.header("content-length") !== "0";

/**
 * 415 when a body of another type comes where only JSON is expected; 400 with the path of a number that
 * would not stay what it is.
 */
export const requireJson = createMiddleware<GatewayContext>(async (c, next) => {
  const comesWithBody = hasBody(c);
  if (comesWithBody && !isJson(c.req.header("content-type") ?? "")) {
    throw new AppError("UNSUPPORTED_MEDIA_TYPE");
  }
  // Hono keeps the text: the route's own parsing reads it again without another copy of the stream.
  const inexact = comesWithBody ? inexactNumbers(await c.req.text()) : [];
  if (inexact.length > 0) {
    const message = "Beyond 2^53: send it as text";
    throw new AppError("VALIDATION_ERROR", {
      details: { fields: inexact.map((path) => ({ path, message })) },
    });
  }
  await next();
});
