import type { OpenAPIHono } from "@hono/zod-openapi";
import type { NotFoundHandler } from "hono";
import { AppError } from "#src/kernel/app-error.ts";
import type { GatewayContext } from "../context.ts";
import { handleError } from "./error-handler.ts";

const methods = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/** 405 with `Allow` for a known path with another method; anything else is `otherwise`. */
export function methodNotAllowed(
  app: OpenAPIHono<GatewayContext>,
  otherwise: NotFoundHandler<GatewayContext>,
): NotFoundHandler<GatewayContext> {
  const patterns = new Map<string, Set<string>>();
  for (const { method, path } of app.routes) {
    if (!methods.includes(method) || path.endsWith("*")) continue;
    patterns.set(path, (patterns.get(path) ?? new Set()).add(method));
  }
  const known = [...patterns].map(([path, allowed]) => ({
    pattern: new RegExp(`^${path.replaceAll(".", "\\.").replaceAll(/:[^/]+/g, "[^/]+")}$`),
    allowed,
  }));
  return (c) => {
    const allowed = known
      .filter(({ pattern }) => pattern.test(c.req.path))
      .flatMap((route) => [...route.allowed]);
    if (allowed.length === 0) return otherwise(c);
    return handleError(
      new AppError("METHOD_NOT_ALLOWED", { headers: { Allow: [...new Set(allowed)].join(", ") } }),
      c,
    );
  };
}
