import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { tenantWorkflowsOfRun } from "#durable-objects/tenant-workflows/client.ts";
import { database } from "#src/db/client.ts";
import { cursorQuery } from "#src/http/cursor.ts";
import { errorResponses } from "#src/http/error-response.ts";
import { bearer, createRouter, jsonResponse } from "#src/http/openapi.ts";
import { pageOf, pageOfAll, pageRequest } from "#src/http/page.ts";
import { createRoute } from "#src/http/route.ts";
import { isoTime, isoTimeOrNull, systemClock } from "#src/kernel/clock.ts";
import { type DeadLetterRow, listDeadLetters } from "#src/read-models/dead-letter-repository.ts";
import { listTopics } from "#src/system/list-topics.ts";
import { bodyOf, redriveDeadLetter } from "#src/system/redrive-dead-letter.ts";
import { deadLetterListSchema, deadLetterViewSchema, topicListSchema } from "#src/system/topic-schemas.ts";
import { queueNames, queuesOf } from "#src/tasks/queues.ts";
import type { GatewayContext } from "../../context.ts";
import { deviceOf } from "../../identity-context.ts";
import { authenticate } from "../../middleware/authenticate.ts";
import { platformOnly, requirePermission } from "../../middleware/authorize.ts";

const shared = {
  tags: ["Administration: system"],
  security: bearer,
  middleware: [authenticate, requirePermission("admin.system"), platformOnly],
};
const refusals = ["VALIDATION_ERROR", "UNAUTHORIZED", "TOKEN_INVALID", "INSUFFICIENT_PERMISSIONS"] as const;

const topicsRoute = (path: "/topics" | "/kafka/topics", operationId: string) =>
  createRoute({
    ...shared,
    method: "get",
    path,
    operationId,
    // The older system's path for the same.
    deprecated: path === "/kafka/topics",
    summary: "Logical topics with their queues, consumers, backlog and failures",
    request: { query: cursorQuery() },
    responses: { 200: jsonResponse("Topics and queues", topicListSchema), ...errorResponses(...refusals) },
  });

const list = createRoute({
  ...shared,
  method: "get",
  path: "/dead-letters",
  operationId: "listDeadLetters",
  summary: "Messages that could not be processed, newest first",
  request: { query: cursorQuery().extend({ queue: z.enum(queueNames).optional() }) },
  responses: { 200: jsonResponse("Dead letters", deadLetterListSchema), ...errorResponses(...refusals) },
});

const redrive = createRoute({
  ...shared,
  method: "post",
  path: "/dead-letters/{id}/redrive",
  operationId: "redriveDeadLetter",
  summary: "Send a message to its queue again",
  request: { params: z.object({ id: z.string().min(1).max(200) }) },
  responses: {
    202: jsonResponse("The dead letter, sent again", deadLetterViewSchema),
    ...errorResponses(...refusals, "NOT_FOUND", "CONFLICT"),
  },
});

const viewOf = (row: DeadLetterRow) => ({
  id: row.id,
  queue: row.queue,
  reason: row.reason,
  body: bodyOf(row) ?? row.body,
  client_id: row.clientId,
  correlation_id: row.correlationId,
  task_id: row.taskId,
  failed_at: isoTime(row.createdAt),
  redriven_at: isoTimeOrNull(row.redrivenAt),
  redriven_by: row.redrivenBy,
});

async function topicList({ env }: Context<GatewayContext>, page: z.infer<ReturnType<typeof cursorQuery>>) {
  const all = await listTopics({ db: database(env.DB), clock: systemClock, queues: queuesOf(env) });
  const { rows: topics, nextCursor } = pageOfAll(all.topics, page);
  return { ...all, topics, count: topics.length, next_cursor: nextCursor };
}

export const topics = createRouter<GatewayContext>()
  .openapi(topicsRoute("/topics", "listTopics"), async (c) =>
    c.json(await topicList(c, c.req.valid("query")), 200),
  )
  .openapi(topicsRoute("/kafka/topics", "listKafkaTopics"), async (c) =>
    c.json(await topicList(c, c.req.valid("query")), 200),
  )
  .openapi(list, async (c) => {
    const { queue, ...query } = c.req.valid("query");
    const page = pageRequest(query);
    const { rows, nextCursor } = pageOf(
      await listDeadLetters(database(c.env.DB), page, queue),
      page.limit,
      (row) => [row.createdAt, row.id],
    );
    return c.json({ dead_letters: rows.map(viewOf), count: rows.length, next_cursor: nextCursor }, 200);
  })
  .openapi(redrive, async (c) => {
    const letter = await redriveDeadLetter(
      {
        db: database(c.env.DB),
        clock: systemClock,
        device: deviceOf(c),
        queues: queuesOf(c.env),
        workflowsOf: (clientId, runId) => tenantWorkflowsOfRun(c.env, clientId, runId),
      },
      c.var.actor,
      c.req.valid("param").id,
    );
    return c.json(viewOf(letter), 202);
  });
