import { createMiddleware } from "hono/factory";
import { AppError } from "#src/kernel/app-error.ts";
import type { Arrival, GatewayContext } from "../context.ts";

/** Time that a request has, its body included (docs/api.md#requests). */
const maxMs = 30_000;

/** The request with a body that tells how it comes in. */
function watched(request: Request, body: ReadableStream, tell: (arrival: Arrival) => void): Request {
  const { readable, writable } = new IdentityTransformStream();
  tell("arriving");
  body.pipeTo(writable).then(
    () => tell("arrived"),
    () => tell("broken"),
  );
  return new Request(request, { body: readable });
}

/**
 * Answers 504 when a request takes too long, 408 when that is because its body does not arrive. Streams and sockets
 * go on: they have been answered when they begin.
 * @param ms another time than the platform's only in tests
 */
export const deadline = (ms = maxMs) =>
  createMiddleware<GatewayContext>(async (c, next) => {
    const { raw } = c.req;
    c.set("arrival", "none");
    if (raw.body) c.req.raw = watched(raw, raw.body, (arrival) => c.set("arrival", arrival));
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(new AppError(c.var.arrival === "arriving" ? "REQUEST_TIMEOUT" : "GATEWAY_TIMEOUT"));
      }, ms);
    });
    try {
      await Promise.race([next(), late]);
    } finally {
      clearTimeout(timer);
    }
  });
