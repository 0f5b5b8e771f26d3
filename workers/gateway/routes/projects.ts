import { z } from "@hono/zod-openapi";
import {
  createProject,
  deleteProject,
  getProject,
  listProjects,
  updateProject,
} from "#src/projects/index.ts";
import { del, get, post, put, restRouter } from "../rest/table.ts";

const detached = z.object({
  "X-Detached-Instances": z
    .string()
    .openapi({ description: "How many persona instances were in it", example: "3" }),
});

export const projects = restRouter("Projects", [
  get("/", listProjects, "Projects"),
  post("/", createProject, "Made", { status: 201, location: ({ id }) => `/api/v1/projects/${id}` }),
  get("/{project_id}", getProject, "The project"),
  put("/{project_id}", updateProject, "Changed"),
  del("/{project_id}", deleteProject, "Deleted", {
    status: 204,
    headers: detached,
    answer: (c, { output }) =>
      c.body(null, 204, { "X-Detached-Instances": String(output.detached_instances) }),
  }),
]);
