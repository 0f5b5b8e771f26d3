import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { cursorQuery } from "#src/http/cursor.ts";
import { errorResponses } from "#src/http/error-response.ts";
import { bearer, createRouter, jsonResponse } from "#src/http/openapi.ts";
import { pageOf, pageRequest } from "#src/http/page.ts";
import { createRoute } from "#src/http/route.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { findInstance } from "#src/personas/instances/instance-repository.ts";
import { historySchema, imagesSchema, logsSchema } from "#src/runs/history-schemas.ts";
import { imageEntry, runSummary } from "#src/runs/history-views.ts";
import { listRunsOfInstance } from "#src/runs/list-runs.ts";
import { logLines } from "#src/runs/log-lines.ts";
import { logSources, pageImages } from "#src/runs/run-history-repository.ts";
import type { GatewayContext } from "../../context.ts";
import { authenticate } from "../../middleware/authenticate.ts";
import { personaContext, workflowsOfInstance } from "../../persona-context.ts";

const shared = {
  method: "get" as const,
  tags: ["Personas"],
  security: bearer,
  middleware: authenticate,
  request: { params: z.object({ instance_id: z.uuid() }), query: cursorQuery() },
};
const refusals = errorResponses("VALIDATION_ERROR", "UNAUTHORIZED", "TOKEN_INVALID", "NOT_FOUND");

const history = createRoute({
  ...shared,
  path: "/{instance_id}/history",
  operationId: "listRunsOfInstance",
  summary: "The instance's runs, newest first",
  description: "Every run is there the moment it has begun, as it is then.",
  responses: { 200: jsonResponse("Runs", historySchema), ...refusals },
});

const logs = createRoute({
  ...shared,
  path: "/{instance_id}/logs",
  operationId: "listLogsOfInstance",
  summary:
    "Log lines of the instance's runs, newest first: runs begun and ended, every attempt of every task",
  responses: { 200: jsonResponse("Log lines", logsSchema), ...refusals },
});

const images = createRoute({
  ...shared,
  path: "/{instance_id}/images",
  operationId: "listImagesOfInstance",
  summary: "Images the instance's runs made, newest first",
  responses: { 200: jsonResponse("Images", imagesSchema), ...refusals },
});

/** The instance in the path, if the caller may see it. */
async function visibleInstance(c: Context<GatewayContext>, id: string) {
  const instance = await findInstance(personaContext(c).db, c.var.actor, id);
  if (!instance) throw new AppError("NOT_FOUND");
  return instance;
}

/** What an instance has done. */
export const instanceHistory = createRouter<GatewayContext>()
  .openapi(history, async (c) => {
    const instance = await visibleInstance(c, c.req.valid("param").instance_id);
    const page = pageRequest(c.req.valid("query"));
    const context = {
      db: personaContext(c).db,
      workflows: [workflowsOfInstance(c.env, instance.clientId, instance.id)],
    };
    const { rows, nextCursor } = await listRunsOfInstance(context, instance, page);
    return c.json({ runs: rows.map(runSummary), count: rows.length, next_cursor: nextCursor }, 200);
  })
  .openapi(logs, async (c) => {
    const instance = await visibleInstance(c, c.req.valid("param").instance_id);
    const page = pageRequest(c.req.valid("query"));
    const { db } = personaContext(c);
    const sources = await db.batch(logSources(db, instance, page));
    const { rows, nextCursor } = pageOf(logLines(...sources), page.limit, ({ position }) => position);
    return c.json({ logs: rows.map(({ line }) => line), count: rows.length, next_cursor: nextCursor }, 200);
  })
  .openapi(images, async (c) => {
    const instance = await visibleInstance(c, c.req.valid("param").instance_id);
    const page = pageRequest(c.req.valid("query"));
    const found = await pageImages(personaContext(c).db, instance, page);
    const { rows, nextCursor } = pageOf(found, page.limit, ({ createdAt, id }) => [createdAt, id]);
    const entries = rows.map((row) => imageEntry(instance.clientId, row));
    return c.json({ images: entries, count: rows.length, next_cursor: nextCursor }, 200);
  });
