import type { OpenAPIHono } from "@hono/zod-openapi";
import type { GatewayContext } from "../context.ts";
import { jsonBodyLimit, requireJson } from "../middleware/json-body.ts";
import { agentDefinitions } from "./admin/agent-definitions.ts";
import { agents } from "./admin/agents.ts";
import { clientReports } from "./admin/client-reports.ts";
import { clients } from "./admin/clients.ts";
import { auth } from "./auth.ts";
import { health } from "./health.ts";
import { images } from "./images.ts";
import { execute } from "./personas/execute.ts";
import { instanceHistory } from "./personas/history.ts";
import { instances } from "./personas/instances.ts";
import { runEvents } from "./personas/run-events.ts";
import { runs } from "./personas/runs.ts";
import { stop } from "./personas/stop.ts";
import { templateChoices } from "./personas/templates.ts";
import { templateActions } from "./template-actions.ts";
import { templates } from "./templates.ts";
import { user } from "./user.ts";
import { ws } from "./ws.ts";

/** Mounts every route group; one file per resource, named like its path. */
export function registerRoutes(app: OpenAPIHono<GatewayContext>): void {
  app.route("/", health);
  app.route("/", ws({ hide: true }));
  app.use("/api/v1/*", jsonBodyLimit, requireJson);
  app.route("/api/v1", ws({ hide: false }));
  app.route("/api/v1/auth", auth);
  app.route("/api/v1/user", user);
  app.route("/api/v1/templates", templates);
  app.route("/api/v1/templates", templateActions);
  app.route("/api/v1/personas/templates", templateChoices);
  app.route("/api/v1/personas/instances", instances);
  app.route("/api/v1/personas/instances", execute);
  app.route("/api/v1/personas/instances", instanceHistory);
  app.route("/api/v1/personas/instances", stop);
  app.route("/api/v1/personas/runs", runs);
  app.route("/api/v1/personas/runs", runEvents);
  app.route("/api/v1/images", images);
  app.route("/api/v1/admin/agent-definitions", agentDefinitions);
  app.route("/api/v1/admin/agents", agents);
  app.route("/api/v1/admin/clients", clients);
  app.route("/api/v1/admin/clients", clientReports);
}
