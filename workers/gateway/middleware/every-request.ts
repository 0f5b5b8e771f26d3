import { createMiddleware } from "hono/factory";
import { matchedRoutes } from "hono/route";
import { v7 as uuidv7 } from "uuid";
import { type DatabaseSession, databaseSession, isBookmark } from "#src/db/session.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { settingsOf } from "#src/kernel/config.ts";
import { keyRingOf } from "#src/kernel/key-ring.ts";
import { randomBytes } from "#src/kernel/random-bytes.ts";
import { writeDataPoint } from "#src/observability/data-points.ts";
import { createLogger, type LogFields } from "#src/observability/logger.ts";
import { childOf, formatTraceparent, parseTraceparent } from "#src/observability/trace-context.ts";
import { logLevelOf, platformOf } from "#src/platform.ts";
import { rateLimitHeaders } from "#src/rate-limits/index.ts";
import { telemetryOf } from "#src/telemetry-platform.ts";
import { cutText } from "#src/text/cut-text.ts";
import { addHeaders } from "../answer-headers.ts";
import type { GatewayContext, GatewayRequest } from "../context.ts";
import { deviceOf } from "../device.ts";
import { crossOrigin } from "./cross-origin.ts";
import { inTime } from "./deadline.ts";
import { handleError } from "./error-handler.ts";

/** What is accepted as a request id from outside: bounded, and safe to log and echo. */
const wellFormed = /^[A-Za-z0-9._:-]{8,128}$/;

/** What names a request, for whoever asks, for logs and for what it leads to. */
function namesOf(c: GatewayRequest) {
  const given = c.req.header("x-request-id");
  const requestId = given && wellFormed.test(given) ? given : uuidv7({ random: randomBytes(16) });
  const parent = parseTraceparent(c.req.header("traceparent"));
  const trace = childOf(parent);
  return { requestId, trace, parentId: parent?.spanId ?? null, traceparent: formatTraceparent(trace) };
}

/**
 * The database as a caller has seen it, for who says so: most do not, and read the primary.
 * @throws AppError `VALIDATION_ERROR` when it is no bookmark
 */
function sessionOf(c: GatewayRequest): DatabaseSession | undefined {
  const bookmark = c.req.header("x-database-bookmark");
  if (bookmark === undefined) return undefined;
  if (isBookmark(bookmark)) return databaseSession(c.env.DB, bookmark);
  throw new AppError("VALIDATION_ERROR", { message: "X-Database-Bookmark is no bookmark" });
}

/** The pattern of the route that has answered, never the path: there are as many of those as there are things. */
const routeOf = (c: GatewayRequest): string => {
  const patterns = matchedRoutes(c).map(({ path }) => path);
  return patterns.findLast((path) => !path.includes("*")) ?? "none";
};

/** Longer names of programs are cut. */
const maxAgent = 200;

/** Who has asked, from where and with what, as far as that is known. */
function callerFields(c: GatewayRequest): LogFields {
  const { userId, clientId } = c.get("actor") ?? {};
  const { ip, userAgent } = deviceOf(c);
  return {
    ...(userId === undefined ? {} : { user_id: userId, client_id: clientId }),
    address: ip,
    agent: cutText(userAgent, maxAgent),
  };
}

/** Whoever asks may call a method as they like. */
const methodOf = (method: string): string => (methods.has(method) ? method : "other");
const methods = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/**
 * Stands around every request, in one layer because each costs: gives it an id, a trace, a logger and the platform, the
 * time that it may take, the headers that every answer has, and writes one log line and one figure when it is answered.
 * No request gets further while the settings are unusable or the signing key is missing or weak.
 */
export const everyRequest = createMiddleware<GatewayContext>(async (c, next) => {
  const startedAt = Date.now();
  const settings = settingsOf(c.env);
  const { requestId, trace, parentId, traceparent } = namesOf(c);
  c.set("requestId", requestId);
  c.set("clientIp", (settings.TRUST_CLIENT_IP && c.req.header("cf-connecting-ip")) || "unknown");
  const { metrics, logs, spans, handOver } = telemetryOf(c.env);
  const names = { request_id: requestId, trace_id: trace.traceId };
  const log = createLogger("gateway", logLevelOf(c.env), names, logs);
  c.set("logger", log);
  keyRingOf(settings);
  const waitUntil = (work: Promise<unknown>) => c.executionCtx.waitUntil(work);
  let session: DatabaseSession | undefined;
  try {
    session = sessionOf(c);
    c.set("platform", platformOf(c.env, { requestId, traceparent, log, session, waitUntil }));
    const instead = await inTime(c, () => crossOrigin(c, next));
    if (instead) c.res = instead;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    c.res = await handleError(error, c);
  }
  const answer = c.res;
  addHeaders(answer);
  answer.headers.set("X-Request-ID", requestId);
  answer.headers.set("traceparent", traceparent);
  const standing = c.get("platform")?.limits?.standing;
  if (standing)
    for (const [name, value] of rateLimitHeaders(standing, Date.now())) answer.headers.set(name, value);
  const seen = session?.bookmark();
  if (seen) answer.headers.set("X-Database-Bookmark", seen);
  const { method, path } = c.req;
  const ms = Date.now() - startedAt;
  log.info("request", { method, path, status: answer.status, duration_ms: ms, ...callerFields(c) });
  const request = { method: methodOf(method), route: routeOf(c), status: String(answer.status) };
  metrics.count("ai_persona_http_requests_total", request);
  metrics.observe("ai_persona_http_request_duration_seconds", request, ms / 1000);
  writeDataPoint(c.env, { ...request, ms });
  if (spans && trace.sampled)
    spans.record({
      ...trace,
      parentId,
      service: "gateway",
      name: `${method} ${request.route}`,
      kind: "server",
      startedAt,
      endedAt: startedAt + ms,
      attributes: {
        "http.request.method": method,
        "http.route": request.route,
        "http.response.status_code": answer.status,
        "persona.request_id": requestId,
      },
      error: answer.status < 500 ? null : String(answer.status),
    });
  handOver.after(waitUntil);
});
