import type { Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import { createMiddleware } from "hono/factory";
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
 * Takes a body in before anybody is refused: whoever is cut off while they send hears no refusal. What it says is
 * looked at for those who are admitted.
 */
export const takeBodyIn = createMiddleware<GatewayContext>(async (c, next) => {
  // Hono keeps the text, and what is wrong with it: whoever reads it meets that.
  if (hasBody(c)) await c.req.text().catch(() => "");
  await next();
});
