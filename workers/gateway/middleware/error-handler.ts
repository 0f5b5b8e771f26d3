import type { Context, ErrorHandler, NotFoundHandler } from "hono";
import { HTTPException } from "hono/http-exception";
import { v7 as uuidv7 } from "uuid";
import { errorBody } from "#src/http/error-response.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { ConfigurationError } from "#src/kernel/config.ts";
import type { ErrorCode } from "#src/kernel/error-catalogue.ts";
import { createLogger, errorFields } from "#src/observability/logger.ts";
import { telemetryOf } from "#src/telemetry-platform.ts";
import type { GatewayContext } from "../context.ts";

/** Hono's own refusals (a body that is not JSON, for one) as ours. */
function appErrorOf(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof HTTPException && error.status === 400) {
    return new AppError("VALIDATION_ERROR", { message: error.message, cause: error });
  }
  if (error instanceof HTTPException && error.status === 415) {
    return new AppError("UNSUPPORTED_MEDIA_TYPE", { message: error.message, cause: error });
  }
  if (error instanceof ConfigurationError) {
    return new AppError("UPSTREAM_UNAVAILABLE", { message: "The service is not configured", cause: error });
  }
  return new AppError("INTERNAL_ERROR", { cause: error });
}

/** How to sign in, which every 401 has to say (RFC 6750, 3): whether a token was missing or is no good. */
const challenge = (code: ErrorCode): string =>
  `Bearer realm="persona-edge"${code.startsWith("TOKEN_") ? ', error="invalid_token"' : ""}`;

function render(c: Context<GatewayContext>, error: AppError) {
  if (error.status === 401) c.header("WWW-Authenticate", challenge(error.code));
  return c.json(errorBody(error, c.var.requestId ?? uuidv7()), error.status, error.headers);
}

/** A caller who goes away in the middle of a body is no fault of ours, whatever the reading of it throws. */
function brokenBody(c: Context<GatewayContext>, error: unknown): AppError | undefined {
  if (c.var.arrival !== "broken" || error instanceof AppError) return undefined;
  c.var.logger?.info("request body broke off", { path: c.req.path });
  return new AppError("BAD_REQUEST", { message: "The request body broke off", cause: error });
}

/** Renders every error once; unexpected ones are logged with their stack, which never leaves the Worker. */
export const handleError: ErrorHandler<GatewayContext> = (error, c) => {
  const refusal = brokenBody(c, error) ?? appErrorOf(error);
  // Maintenance is meant.
  if (refusal.status >= 500 && refusal.code !== "MAINTENANCE") {
    const logger = c.var.logger ?? createLogger("gateway", "info", {}, telemetryOf(c.env).logs);
    logger.error("request failed", {
      path: c.req.path,
      code: refusal.code,
      ...errorFields(refusal.cause ?? refusal),
    });
  }
  return render(c, refusal);
};

export const handleNotFound: NotFoundHandler<GatewayContext> = (c) => render(c, new AppError("NOT_FOUND"));
