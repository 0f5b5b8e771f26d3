import { z } from "@hono/zod-openapi";
import { cursorQuery } from "#src/http/cursor.ts";
import { errorResponses } from "#src/http/error-response.ts";
import { bearer, createRouter, jsonBody, jsonResponse } from "#src/http/openapi.ts";
import { pageOf, pageRequest } from "#src/http/page.ts";
import { createRoute } from "#src/http/route.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import {
  createMemorySchema,
  foundMemoriesSchema,
  memoryListSchema,
  memorySchema,
  searchMemoriesQuery,
  updateMemorySchema,
} from "#src/memory/schemas.ts";
import { memoryView } from "#src/memory/views.ts";
import { instanceMemory } from "#src/personas/instances/instance-memory.ts";
import type { GatewayContext } from "../../context.ts";
import { authenticate } from "../../middleware/authenticate.ts";
import { memoryContext } from "../../persona-context.ts";

const shared = { tags: ["Personas: memory"], security: bearer, middleware: authenticate };
const instanceParams = z.object({ instance_id: z.uuid() });
const params = instanceParams.extend({ memory_id: z.coerce.number().int().positive() });
const refusals = errorResponses("VALIDATION_ERROR", "UNAUTHORIZED", "TOKEN_INVALID", "NOT_FOUND");
const memory = jsonResponse("The memory", memorySchema);

const list = createRoute({
  ...shared,
  method: "get",
  path: "/{instance_id}/memories",
  operationId: "listMemories",
  summary: "What the instance remembers, newest first",
  request: {
    params: instanceParams,
    query: cursorQuery().extend({ type: z.string().trim().min(1).max(64).optional() }),
  },
  responses: { 200: jsonResponse("Memories", memoryListSchema), ...refusals },
});

const search = createRoute({
  ...shared,
  method: "get",
  path: "/{instance_id}/memories/search",
  operationId: "searchMemories",
  summary: "What the instance remembers about something, best first",
  description:
    "Ranked as steps find it: by full text (BM25), recency and, where an index of meanings is bound, by meaning. " +
    "What is found counts as used; the least used goes first when there is too much.",
  request: { params: instanceParams, query: searchMemoriesQuery },
  responses: { 200: jsonResponse("Memories with their scores", foundMemoriesSchema), ...refusals },
});

const create = createRoute({
  ...shared,
  method: "post",
  path: "/{instance_id}/memories",
  operationId: "createMemory",
  summary: "Have the instance remember something",
  description: "Beyond `memory_config.max_memories` the least used memories go, the oldest of them first.",
  request: { params: instanceParams, body: jsonBody(createMemorySchema) },
  responses: { 201: memory, ...refusals },
});

const get = createRoute({
  ...shared,
  method: "get",
  path: "/{instance_id}/memories/{memory_id}",
  operationId: "getMemory",
  summary: "One memory",
  request: { params },
  responses: { 200: memory, ...refusals },
});

const changed = {
  ...shared,
  path: "/{instance_id}/memories/{memory_id}",
  summary: "Change a memory; fields left out stay, `metadata` is replaced as a whole",
  request: { params, body: jsonBody(updateMemorySchema) },
  responses: { 200: memory, ...refusals },
};
const put = createRoute({ ...changed, method: "put", operationId: "updateMemory" });
const patch = createRoute({ ...changed, method: "patch", operationId: "patchMemory" });

const remove = createRoute({
  ...shared,
  method: "delete",
  path: "/{instance_id}/memories/{memory_id}",
  operationId: "deleteMemory",
  summary: "Have the instance forget something",
  request: { params },
  responses: { 204: { description: "Forgotten" }, ...refusals },
});

/** What a persona instance remembers, for its owner. */
export const memories = createRouter<GatewayContext>()
  .openapi(list, async (c) => {
    const { instance_id } = c.req.valid("param");
    const { type, ...query } = c.req.valid("query");
    const page = pageRequest(query);
    const { memory } = await instanceMemory(memoryContext(c), c.var.actor, instance_id);
    const found = await memory.listMemories(instance_id, { ...page, type });
    const { rows, nextCursor } = pageOf(found, page.limit, ({ createdAt, id }) => [createdAt, String(id)]);
    return c.json({ memories: rows.map(memoryView), count: rows.length, next_cursor: nextCursor }, 200);
  })
  .openapi(search, async (c) => {
    const { instance_id: instanceId } = c.req.valid("param");
    const { query: text, type, limit } = c.req.valid("query");
    const { memory, config } = await instanceMemory(memoryContext(c), c.var.actor, instanceId);
    const found = await memory.searchMemories({
      instanceId,
      text,
      limit: limit ?? config.retrieval_count,
      types: type === undefined ? [] : [type],
      embeddingModel: config.embedding_model,
    });
    const memories = found.map((one) => ({ ...memoryView(one), score: one.score }));
    return c.json({ memories, count: memories.length, next_cursor: null }, 200);
  })
  .openapi(create, async (c) => {
    const { instance_id } = c.req.valid("param");
    const { memory, config } = await instanceMemory(
      memoryContext(c),
      c.var.actor,
      instance_id,
      "memory.created",
    );
    const { embedding_model: embeddingModel, max_memories } = config;
    const kept = await memory.putMemory(
      instance_id,
      { ...c.req.valid("json"), embeddingModel },
      max_memories,
    );
    return c.json(memoryView(kept), 201, {
      Location: `/api/v1/personas/instances/${instance_id}/memories/${kept.id}`,
    });
  })
  .openapi(get, async (c) => {
    const { instance_id, memory_id } = c.req.valid("param");
    const { memory } = await instanceMemory(memoryContext(c), c.var.actor, instance_id);
    return c.json(memoryView(valueOrThrow(await memory.getMemory(instance_id, memory_id))), 200);
  })
  .openapi(remove, async (c) => {
    const { instance_id, memory_id } = c.req.valid("param");
    const { memory } = await instanceMemory(memoryContext(c), c.var.actor, instance_id, "memory.removed");
    valueOrThrow(await memory.removeMemory(instance_id, memory_id));
    return c.body(null, 204);
  });

for (const route of [put, patch]) {
  memories.openapi(route, async (c) => {
    const { instance_id, memory_id } = c.req.valid("param");
    const { memory } = await instanceMemory(memoryContext(c), c.var.actor, instance_id, "memory.changed");
    const change = c.req.valid("json");
    return c.json(memoryView(valueOrThrow(await memory.changeMemory(instance_id, memory_id, change))), 200);
  });
}
