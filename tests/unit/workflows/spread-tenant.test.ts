import {
  createExecutionContext,
  createMessageBatch,
  evictDurableObject,
  runInDurableObject,
  waitOnExecutionContext,
} from "cloudflare:test";
import { env } from "cloudflare:workers";
import { v7 as uuidv7 } from "uuid";
import { beforeAll, describe, expect, it } from "vitest";
import { shardOfRun } from "#src/objects/run-id.ts";
import events from "#workers/events/index.ts";
import { createApp } from "#workers/gateway/app.ts";
import { send } from "../../support/api.ts";
import { spread, userAtEach } from "../../support/hub-shards.ts";
import { tenantObject, tenantObjectOfRun } from "../../support/objects.ts";
import { bodyOf, get, type Instance, makeTemplate, present, startRun } from "../../support/personas.ts";
import { plan } from "../../support/plans.ts";
import { connect } from "../../support/sockets.ts";
import { deadLetterQueue, deliver, startedTask } from "../../support/tasks.ts";
import { createUser, type TestUser } from "../../support/users.ts";

const clientId = "spread_tenant";

const remembering = plan("note", {
  note: { action: "store_memory", input: { content: "{{input.topic}}" }, next_step: "ask" },
  ask: { action: "pause_for_human_input", next_step: "done" },
  done: { action: "complete_workflow", input: { topic: "{{input.topic}}" } },
});

interface Run {
  correlation_id: string;
  status: string;
}

let owner: TestUser;
/** A run on each of the tenant's objects, with its instance. */
const runs: { id: string; instance: string }[] = [];

const objectOf = (shard: number) =>
  env.TENANT_WORKFLOWS.getByName(shard === 0 ? clientId : `${clientId}:${shard}`);

beforeAll(async () => {
  owner = await createUser(clientId);
  const template = await makeTemplate(clientId, {
    name: "Remembering",
    category: "tests",
    config: { workflow: remembering },
  });
  const used = new Set<number>();
  while (used.size < 2) {
    const body = { template_id: template.id, name: "Mine" };
    const { id } = await bodyOf<Instance>(
      await send("POST", "/api/v1/personas/instances", body, owner.headers),
      201,
    );
    const first = await startRun(owner, id, { input: { topic: `first of ${id}` } });
    const second = await startRun(owner, id, { input: { topic: `second of ${id}` } });
    expect(shardOfRun(second)).toBe(shardOfRun(first));
    if (!used.has(shardOfRun(first))) runs.push({ id: first, instance: id });
    used.add(shardOfRun(first));
  }
});

describe("A tenant that is spread over two objects", () => {
  it("has runs on both, each known to its own object only", async () => {
    expect(runs.map(({ id }) => shardOfRun(id)).sort()).toEqual([0, 1]);
    for (const { id } of runs) {
      const other = tenantObject(clientId, 1 - shardOfRun(id));
      expect(await other.getRun(id, "tenant")).toMatchObject({ ok: false, code: "NOT_FOUND" });
      expect(await tenantObjectOfRun(clientId, id).getRun(id, "tenant")).toMatchObject({ ok: true });
    }
  });

  it("reads, resumes and cancels a run by its id", async () => {
    for (const { id, instance } of runs) {
      expect(await bodyOf<Run>(await get(`/api/v1/personas/runs/${id}`, owner), 200)).toMatchObject({
        correlation_id: id,
        status: "paused",
      });
      const resumed = await send(
        "POST",
        `/api/v1/personas/runs/${id}/resume`,
        { approved: true },
        owner.headers,
      );
      expect(resumed.status).toBe(200);
      expect(await bodyOf<Run>(await get(`/api/v1/personas/runs/${id}`, owner), 200)).toMatchObject({
        status: "completed",
      });
      const further = await startRun(owner, instance, { input: { topic: "further" } });
      const stop = { correlation_id: further };
      const stopped = await send("POST", `/api/v1/personas/instances/${instance}/stop`, stop, owner.headers);
      expect(await bodyOf(stopped, 200)).toMatchObject({ stopped: [further] });
    }
  });

  it("stops all that an instance executes, wherever it is", async () => {
    for (const { instance } of runs) {
      await startRun(owner, instance, { input: { topic: "to stop" } });
      const stopped = await send("POST", `/api/v1/personas/instances/${instance}/stop`, {}, owner.headers);
      expect(await bodyOf<{ count: number }>(stopped, 200)).toMatchObject({ count: 2 });
    }
  });

  it("is listed whole, runs of both objects", async () => {
    for (const shard of [0, 1]) {
      const copies = await runInDurableObject(objectOf(shard), (_, { storage }) =>
        storage.sql
          .exec<{ message: string }>("SELECT message FROM unconfirmed ORDER BY key")
          .toArray()
          .map(({ message }) => ({
            id: uuidv7(),
            timestamp: new Date(),
            attempts: 1,
            body: JSON.parse(message),
          })),
      );
      const { queue } = deadLetterQueue();
      const bindings = { ...env, PLATFORM_EVENTS_DLQ: queue, USER_IMPORTS_DLQ: queue };
      await events.queue(createMessageBatch("platform-events", copies), bindings, createExecutionContext());
    }
    for (const { id, instance } of runs) {
      const history = await get(`/api/v1/personas/instances/${instance}/history`, owner);
      const listed = await bodyOf<{ runs: Run[] }>(history, 200);
      expect(listed.runs.map(({ correlation_id }) => correlation_id)).toContain(id);
    }
  });

  it("has one event log: events of both objects in the order of each, once, also after evictions", async () => {
    const told = async () => {
      const { events: log } = await tenantObject(clientId).readEvents({ since: 0, limit: 1000 });
      return runs.map(({ id }) =>
        log
          .filter(({ entity_id }) => entity_id === id)
          .map(({ event, data }) => `${event} ${data.step ?? ""}`),
      );
    };
    const own = await Promise.all(
      runs.map(async ({ id }) => {
        const { events: log } = await tenantObjectOfRun(clientId, id).readEvents({
          since: 0,
          entityId: id,
          limit: 1000,
        });
        return log.map(({ event, data }) => `${event} ${data.step ?? ""}`);
      }),
    );
    await expect.poll(told).toEqual(own);
    // The object that tells forgets what it has told; the one that listens knows.
    await runInDurableObject(objectOf(1), (_, { storage }) => {
      storage.sql.exec("UPDATE marks SET value = 0 WHERE name = 'published'");
    });
    await evictDurableObject(objectOf(1));
    const { instance } = present(runs.find(({ id }) => shardOfRun(id) === 1));
    const last = await startRun(owner, instance, { input: { topic: "after" } });
    const lastEvents = async () => {
      const { events: log } = await tenantObject(clientId).readEvents({
        since: 0,
        entityId: last,
        limit: 10,
      });
      return log.map(({ event }) => event);
    };
    await expect.poll(lastEvents).toContain("execution.paused");
    expect(await told()).toEqual(own);
  });

  it("has texts of its second object heard at its second hub, also after that object was evicted", async () => {
    await spread(clientId, 2);
    await evictDurableObject(objectOf(1));
    const [, reader] = await userAtEach(clientId, 2);
    const { actor, headers } = present(reader);
    const { next, subscribe } = await connect({ headers });
    await subscribe("execution.*");
    const writing = plan("write", { write: { action: "ai_text_generate", input: { prompt: "About tea" } } });
    const { envelope } = await startedTask(clientId, writing, {}, { userId: actor.userId }, 1);
    await deliver("agents", [envelope("write")]);
    expect(await next(({ event }) => event === "execution.snapshot")).toMatchObject({
      data: { step: "write" },
    });
  });

  it("streams the events of a run from its own object", async () => {
    for (const { id } of runs) {
      const stream = await (await get(`/api/v1/personas/runs/${id}/events`, owner)).text();
      expect(stream).toContain("execution.started");
      expect(stream).toContain("execution.completed");
    }
  });

  it("keeps an instance's memory in one object, with its runs", async () => {
    for (const { instance } of runs) {
      const path = `/api/v1/personas/instances/${instance}/memories`;
      await bodyOf(await send("POST", path, { content: "told by hand" }, owner.headers), 201);
      const { memories } = await bodyOf<{ memories: { content: string }[] }>(await get(path, owner), 200);
      const contents = memories.map(({ content }) => content);
      expect(contents).toEqual(expect.arrayContaining(["told by hand", `first of ${instance}`]));
    }
  });

  it("finds its runs and memories where they are when it is spread further later", async () => {
    const stages = { "1970-01-01T00:00:00Z": 2, [new Date().toISOString()]: 8 };
    const WORKFLOW_SHARDS = JSON.stringify({ [clientId]: stages });
    const ctx = createExecutionContext();
    const later = (path: string, body?: unknown) =>
      createApp().fetch(
        new Request(`http://platform.test/api/v1/personas${path}`, {
          method: body === undefined ? "GET" : "POST",
          headers: { ...owner.headers, "content-type": "application/json" },
          body: body === undefined ? undefined : JSON.stringify(body),
        }),
        { ...env, WORKFLOW_SHARDS },
        ctx,
      );
    for (const { id, instance } of runs) {
      expect(await bodyOf<Run>(await later(`/runs/${id}`), 200)).toMatchObject({ status: "completed" });
      const { memories } = await bodyOf<{ memories: { content: string }[] }>(
        await later(`/instances/${instance}/memories`),
        200,
      );
      expect(memories.map(({ content }) => content)).toContain(`first of ${instance}`);
      const next = await bodyOf<Run>(
        await later(`/instances/${instance}/execute`, { input: { topic: "x" } }),
        202,
      );
      expect(shardOfRun(next.correlation_id)).toBe(shardOfRun(id));
    }
    await waitOnExecutionContext(ctx);
  });
});
