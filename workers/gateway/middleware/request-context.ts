import { createMiddleware } from "hono/factory";
import { v7 as uuidv7 } from "uuid";
import { settingsOf } from "#src/kernel/config.ts";
import { keyRingOf } from "#src/kernel/key-ring.ts";
import { createLogger } from "#src/observability/logger.ts";
import { childOf, formatTraceparent, parseTraceparent } from "#src/observability/trace-context.ts";
import { platformOf } from "#src/platform.ts";
import type { GatewayContext } from "../context.ts";

/** What is accepted as a request id from outside: bounded, and safe to log and echo. */
const wellFormed = /^[A-Za-z0-9._:-]{8,128}$/;

/**
 * Gives the request an id, a trace and a logger, and writes one log line when it is answered.
 * No request gets further while the settings are unusable or the signing key is missing or weak.
 */
export const requestContext = createMiddleware<GatewayContext>(async (c, next) => {
  const startedAt = Date.now();
  const settings = settingsOf(c.env);
  const given = c.req.header("x-request-id");
  const requestId = given && wellFormed.test(given) ? given : uuidv7();
  const trace = childOf(parseTraceparent(c.req.header("traceparent")));
  const traceparent = formatTraceparent(trace);
  c.set("requestId", requestId);
  c.set("trace", trace);
  c.set("clientIp", (settings.TRUST_CLIENT_IP && c.req.header("cf-connecting-ip")) || "unknown");
  const logger = createLogger("gateway", settings.LOG_LEVEL, {
    request_id: requestId,
    trace_id: trace.traceId,
  });
  c.set("logger", logger);
  keyRingOf(settings);
  c.set(
    "platform",
    platformOf(c.env, {
      requestId,
      traceparent,
      log: logger,
      waitUntil: (work) => c.executionCtx.waitUntil(work),
    }),
  );
  await next();
  c.res.headers.set("X-Request-ID", requestId);
  c.res.headers.set("traceparent", traceparent);
  logger.info("request", {
    method: c.req.method,
    path: c.req.path,
    status: c.res.status,
    duration_ms: Date.now() - startedAt,
  });
});
