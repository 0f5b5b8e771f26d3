import type { OpenAPIHono } from "@hono/zod-openapi";
import { Hono } from "hono";
import type { GatewayContext } from "../context.ts";
import { jsonBodyLimit, takeBodyIn } from "../middleware/json-body.ts";
import { agentDefinitions } from "./admin/agent-definitions.ts";
import { agents } from "./admin/agents.ts";
import { clients } from "./admin/clients.ts";
import { dashboard } from "./admin/dashboard.ts";
import { permissions } from "./admin/permissions.ts";
import { adminSubscriptions } from "./admin/subscriptions.ts";
import { systemConfig } from "./admin/system-config.ts";
import { systemHealth } from "./admin/system-health.ts";
import { topics } from "./admin/topics.ts";
import { usage } from "./admin/usage.ts";
import { userImport } from "./admin/user-import.ts";
import { users } from "./admin/users.ts";
import { workflowRuns } from "./admin/workflow-runs.ts";
import { workflows } from "./admin/workflows.ts";
import { auth } from "./auth.ts";
import { avatarUpload } from "./avatar-upload.ts";
import { avatars } from "./avatars.ts";
import { devMailbox } from "./dev-mailbox.ts";
import { health } from "./health.ts";
import { images } from "./images.ts";
import { internalHealth } from "./internal-health.ts";
import { internalMetrics } from "./internal-metrics.ts";
import { executions } from "./personas/executions.ts";
import { instances } from "./personas/instances.ts";
import { memories } from "./personas/memories.ts";
import { runs } from "./personas/runs.ts";
import { templateChoices } from "./personas/template-choices.ts";
import { projects } from "./projects.ts";
import { subscription } from "./subscription.ts";
import { templates } from "./templates.ts";
import { user } from "./user.ts";
import { webhooks } from "./webhooks.ts";
import { ws } from "./ws.ts";

/** Mounts every route group; one file per resource, named like its path. */
export function registerRoutes(app: OpenAPIHono<GatewayContext>): void {
  app.route("/", health);
  app.route("/", internalHealth);
  app.route("/", internalMetrics);
  app.route("/", devMailbox);
  // Documented under the other path.
  app.route("/", new Hono<GatewayContext>().route("/", ws));
  app.route("/api/v1/user", avatarUpload);
  app.route("/api/v1/admin/users", userImport);
  // What has no body pays for nothing of this.
  app.on(["POST", "PUT", "PATCH", "DELETE"], "/api/v1/*", jsonBodyLimit, takeBodyIn);
  app.route("/api/v1", ws);
  app.route("/api/v1/auth", auth);
  app.route("/api/v1/user", user);
  app.route("/api/v1/avatars", avatars);
  app.route("/api/v1/projects", projects);
  app.route("/api/v1/subscription", subscription);
  app.route("/api/v1/templates", templates);
  app.route("/api/v1/personas/templates", templateChoices);
  app.route("/api/v1/personas/instances", instances);
  app.route("/api/v1/personas/instances", executions);
  app.route("/api/v1/personas/instances", memories);
  app.route("/api/v1/personas/runs", runs);
  app.route("/api/v1/images", images);
  app.route("/api/v1/webhooks", webhooks);
  app.route("/api/v1/admin/agent-definitions", agentDefinitions);
  app.route("/api/v1/admin/agents", agents);
  app.route("/api/v1/admin/system", systemConfig);
  app.route("/api/v1/admin/system", systemHealth);
  app.route("/api/v1/admin/system", topics);
  // Before the definitions: `runs` is none of their names.
  app.route("/api/v1/admin/workflows", workflowRuns);
  app.route("/api/v1/admin/workflows", workflows);
  app.route("/api/v1/admin/clients", clients);
  app.route("/api/v1/admin/permissions", permissions);
  app.route("/api/v1/admin/subscriptions", adminSubscriptions);
  app.route("/api/v1/admin/dashboard", dashboard);
  app.route("/api/v1/admin/usage", usage);
  app.route("/api/v1/admin/users", users);
}
