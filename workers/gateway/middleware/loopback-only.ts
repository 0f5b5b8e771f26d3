import { createMiddleware } from "hono/factory";
import { AppError } from "#src/kernel/app-error.ts";
import type { GatewayContext } from "../context.ts";

const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i;

/**
 * 404 unless the caller asks this very machine by its own name: a page of another origin whose name has been made to
 * lead here, or a neighbour on the network, finds nothing. For what is there in development only.
 */
export const loopbackOnly = createMiddleware<GatewayContext>(async (c, next) => {
  const host = c.req.header("host") ?? new URL(c.req.url).host;
  if (!loopback.test(host)) throw new AppError("NOT_FOUND");
  await next();
});
