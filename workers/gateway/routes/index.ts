import type { OpenAPIHono } from "@hono/zod-openapi";
import type { GatewayContext } from "../context.ts";
import { health } from "./health.ts";

/** Mounts every route group; one file per resource, named like its path. */
export function registerRoutes(app: OpenAPIHono<GatewayContext>): void {
  app.route("/", health);
}
