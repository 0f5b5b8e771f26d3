import type { OpenAPIHono } from "@hono/zod-openapi";
import type { GatewayContext } from "../context.ts";
import { jsonBodyLimit, requireJson } from "../middleware/json-body.ts";
import { auth } from "./auth.ts";
import { health } from "./health.ts";
import { user } from "./user.ts";

/** Mounts every route group; one file per resource, named like its path. */
export function registerRoutes(app: OpenAPIHono<GatewayContext>): void {
  app.route("/", health);
  app.use("/api/v1/*", jsonBodyLimit, requireJson);
  app.route("/api/v1/auth", auth);
  app.route("/api/v1/user", user);
}
