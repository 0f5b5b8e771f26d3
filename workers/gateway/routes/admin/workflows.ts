import { createMiddleware } from "hono/factory";
import { perform } from "#src/operation/perform.ts";
import { getRunOfPlatform } from "#src/runs/index.ts";
import {
  createWorkflow,
  deleteWorkflow,
  getWorkflow,
  listWorkflows,
  listWorkflowVersions,
  updateWorkflow,
  validateWorkflow,
} from "#src/workflow-definitions/index.ts";
import type { GatewayContext } from "../../context.ts";
import { callerOf } from "../../middleware/authenticate.ts";
import { del, get, post, put, restRouter } from "../../rest/table.ts";

/** The older system told of runs here: asked for one, it leads to where they are told. */
const leadToRun = createMiddleware<GatewayContext>(async (c, next) => {
  await next();
  if (c.res.status !== 404) return;
  const correlation_id = c.req.param("workflow");
  const actor = await callerOf(c);
  await perform(getRunOfPlatform, c.get("platform"), actor, { params: { correlation_id }, query: {} });
  // Hono lays the headers of the answer there was over a new one's.
  c.res = undefined;
  const headers = { Location: `/api/v1/admin/workflows/runs/${correlation_id}` };
  c.res = new Response(null, { status: 307, headers });
});

export const workflows = restRouter("Administration: workflows", [
  get("/", listWorkflows, "Definitions"),
  post("/", createWorkflow, "Made", {
    status: 201,
    location: ({ id }) => `/api/v1/admin/workflows/${id}`,
  }),
  post("/validate", validateWorkflow, "What was found"),
  get("/{workflow}", getWorkflow, "The definition", {
    responses: { 307: { description: "It is a run: see `Location`" } },
    middleware: [leadToRun],
  }),
  put("/{workflow}", updateWorkflow, "The new version"),
  del("/{workflow}", deleteWorkflow, "Deleted", { status: 204 }),
  get("/{workflow}/versions", listWorkflowVersions, "Versions"),
]);
