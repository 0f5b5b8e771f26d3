import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { database } from "#src/db/client.ts";
import { cursorQuery } from "#src/http/cursor.ts";
import { errorResponses } from "#src/http/error-response.ts";
import { bearer, createRouter, jsonBody, jsonResponse } from "#src/http/openapi.ts";
import { nextCursorSchema, pageOf, pageRequest } from "#src/http/page.ts";
import { createRoute } from "#src/http/route.ts";
import { isoTime, systemClock } from "#src/kernel/clock.ts";
import { deleteProject, updateProject } from "#src/projects/change-project.ts";
import { createProject } from "#src/projects/create-project.ts";
import { ownProject } from "#src/projects/own-project.ts";
import { listProjects, type ProjectRow } from "#src/projects/project-repository.ts";
import { createProjectSchema, projectSchema, updateProjectSchema } from "#src/projects/schemas.ts";
import type { GatewayContext } from "../context.ts";
import { deliverEventsLater } from "../event-delivery.ts";
import { deviceOf } from "../identity-context.ts";
import { authenticate } from "../middleware/authenticate.ts";

const shared = { tags: ["Projects"], security: bearer, middleware: authenticate };
const params = z.object({ project_id: z.uuid() });
const refusals = ["VALIDATION_ERROR", "UNAUTHORIZED", "TOKEN_INVALID"] as const;

const list = createRoute({
  ...shared,
  method: "get",
  path: "/",
  operationId: "listProjects",
  summary: "One's own projects, newest first",
  request: { query: cursorQuery() },
  responses: {
    200: jsonResponse(
      "Projects",
      z
        .object({ projects: z.array(projectSchema), count: z.number().int(), next_cursor: nextCursorSchema })
        .openapi("ProjectList"),
    ),
    ...errorResponses(...refusals),
  },
});

const create = createRoute({
  ...shared,
  method: "post",
  path: "/",
  operationId: "createProject",
  summary: "Make a project",
  request: { body: jsonBody(createProjectSchema) },
  responses: {
    201: jsonResponse("Made", projectSchema),
    ...errorResponses(...refusals, "QUOTA_EXCEEDED", "CONFLICT"),
  },
});

const get = createRoute({
  ...shared,
  method: "get",
  path: "/{project_id}",
  operationId: "getProject",
  summary: "One project",
  request: { params },
  responses: {
    200: jsonResponse("The project", projectSchema),
    ...errorResponses(...refusals, "INSUFFICIENT_PERMISSIONS", "NOT_FOUND"),
  },
});

const update = createRoute({
  ...shared,
  method: "put",
  path: "/{project_id}",
  operationId: "updateProject",
  summary: "Change a project; fields left out stay as they are",
  request: { params, body: jsonBody(updateProjectSchema) },
  responses: {
    200: jsonResponse("Changed", projectSchema),
    ...errorResponses(...refusals, "INSUFFICIENT_PERMISSIONS", "NOT_FOUND", "CONFLICT"),
  },
});

const remove = createRoute({
  ...shared,
  method: "delete",
  path: "/{project_id}",
  operationId: "deleteProject",
  summary: "Delete a project",
  description:
    "Its persona instances stay and are in no project any more; `X-Detached-Instances` says how many there were.",
  request: { params },
  responses: {
    204: {
      description: "Deleted",
      headers: z.object({
        "X-Detached-Instances": z
          .string()
          .openapi({ description: "How many persona instances were in it", example: "3" }),
      }),
    },
    ...errorResponses(...refusals, "INSUFFICIENT_PERMISSIONS", "NOT_FOUND"),
  },
});

const view = (row: ProjectRow): z.infer<typeof projectSchema> => ({
  id: row.id,
  client_id: row.clientId,
  owner_id: row.ownerId,
  name: row.name,
  description: row.description,
  is_active: row.isActive,
  created_at: isoTime(row.createdAt),
  updated_at: isoTime(row.updatedAt),
});

const context = (c: Context<GatewayContext>) => ({ db: database(c.env.DB), clock: systemClock });

export const projects = createRouter<GatewayContext>()
  .openapi(list, async (c) => {
    const page = pageRequest(c.req.valid("query"));
    const found = await listProjects(database(c.env.DB), c.var.actor, page);
    const { rows, nextCursor } = pageOf(found, page.limit, ({ createdAt, id }) => [createdAt, id]);
    return c.json({ projects: rows.map(view), count: rows.length, next_cursor: nextCursor }, 200);
  })
  .openapi(create, async (c) => {
    const row = await createProject(context(c), c.var.actor, c.req.valid("json"));
    return c.json(view(row), 201, { Location: `/api/v1/projects/${row.id}` });
  })
  .openapi(get, async (c) =>
    c.json(view(await ownProject(database(c.env.DB), c.var.actor, c.req.valid("param").project_id)), 200),
  )
  .openapi(update, async (c) => {
    const { project_id } = c.req.valid("param");
    return c.json(view(await updateProject(context(c), c.var.actor, project_id, c.req.valid("json"))), 200);
  })
  .openapi(remove, async (c) => {
    const { project_id } = c.req.valid("param");
    const detached = await deleteProject({ ...context(c), device: deviceOf(c) }, c.var.actor, project_id);
    deliverEventsLater(c, c.var.actor.clientId);
    return c.body(null, 204, { "X-Detached-Instances": String(detached) });
  });
