import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { TenantWorkflows } from "#durable-objects/tenant-workflows/object.ts";
import { RunStore } from "#durable-objects/tenant-workflows/runs/run-store.ts";
import { TaskLeases } from "#durable-objects/tenant-workflows/tasks/task-leases.ts";
import { TaskRows } from "#durable-objects/tenant-workflows/tasks/task-rows.ts";
import type { Plan } from "#src/engine/plans/plan.ts";
import type { StartRun } from "#src/engine/start-run.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { tenantObject } from "../../support/objects.ts";
import { bodyOf, copywriter, execute, get, makeInstance, present } from "../../support/personas.ts";
import { oneTextStep, plan, startRequest, usage } from "../../support/plans.ts";
import { completeTask } from "../../support/task-reports.ts";
import { createUser } from "../../support/users.ts";

const day = 86_400_000;
const quick = plan("done", { done: { action: "complete_workflow", input: { echo: "{{input.topic}}" } } });
const storing = plan("keep", { keep: { action: "store_memory", input: { content: "Likes tea" } } });

/** A tenant of its own, with its object. */
const tenantNamed = (clientId: string) => {
  const stub = env.TENANT_WORKFLOWS.getByName(clientId);
  const tenant = tenantObject(clientId);
  return {
    clientId,
    stub,
    tenant,
    start: async (of: Plan, more: Partial<StartRun> = {}) =>
      valueOrThrow(await tenant.startRun(startRequest(clientId, { plan: of, ...more }))).correlationId,
    view: async (id: string) => valueOrThrow(await tenant.getRun(id, "tenant")),
    tasks: async (id: string) =>
      valueOrThrow(
        await tenant.listTasks(id, "tenant", { after: 0, limit: 9, include: ["input", "output"] }),
      ),
    /** As if everything that has ended had done so that long ago. */
    age: (days: number) =>
      runInDurableObject(stub, (_, { storage }) => {
        storage.sql.exec("UPDATE runs SET ended_at = ended_at - ? WHERE ended_at IS NOT NULL", days * day);
      }),
    rows: (table: string) =>
      runInDurableObject(
        stub,
        (_, { storage }) => storage.sql.exec<{ n: number }>(`SELECT count(*) AS n FROM ${table}`).one().n,
      ),
    ring: () => runDurableObjectAlarm(stub),
    /** What is in the archive of it. */
    archived: async () =>
      (await env.BLOBS.list({ prefix: `runs/${clientId}/` })).objects.map(({ key }) =>
        key.slice(key.lastIndexOf("/") + 1, -".json".length),
      ),
  };
};

describe("A run that ended longer ago than runs are kept", () => {
  it("leaves its object and is read from the archive as it was", async () => {
    const of = tenantNamed("retention_moved");
    const id = await of.start(oneTextStep);
    await completeTask(of.tenant, `${id}.write.main`, 1, { output: { text: "Tea!" }, usage });
    const before = await of.view(id);
    const tasks = await of.tasks(id);
    expect(before).toMatchObject({ status: "completed", plan: oneTextStep, input: { topic: "tea" } });
    expect(tasks).toMatchObject({ tasks: [{ status: "completed", output: { text: "Tea!" } }], next: null });
    await of.age(31);
    await of.ring();
    expect(await Promise.all(["runs", "headers", "steps", "tasks"].map(of.rows))).toEqual([0, 0, 0, 0]);
    expect(await of.archived()).toEqual([id]);
    expect(await of.view(id)).toEqual(before);
    expect(await of.tasks(id)).toEqual(tasks);
    expect(valueOrThrow(await of.tenant.getRun(id, { userId: "user-1" }))).toEqual(before);
    expect(await of.tenant.getRun(id, { userId: "somebody-else" })).toMatchObject({
      ok: false,
      code: "NOT_FOUND",
    });
  });

  it("is read as it was archived by the first release, which kept no tasks and said less of it", async () => {
    const of = tenantNamed("retention_first");
    const id = await of.start(quick);
    const {
      plan: _,
      input: __,
      revision: ___,
      started_by: ____,
      versions: _____,
      ...rest
    } = await of.view(id);
    const steps = rest.steps.map(({ input: _, tasks: __, ...step }) => step);
    await of.age(31);
    await of.ring();
    await env.BLOBS.put(`runs/${of.clientId}/${id}.json`, JSON.stringify({ ...rest, steps }), {
      customMetadata: { user_id: "user-1" },
    });
    const nothing = { plan: null, input: null, revision: null, started_by: null, versions: null };
    expect(await of.view(id)).toMatchObject({ ...rest, ...nothing, steps: [{ input: null, tasks: {} }] });
    expect(await of.tasks(id)).toEqual({ tasks: [], next: null });
  });

  it("can be changed no more, and says that it has ended", async () => {
    const of = tenantNamed("retention_over");
    const id = await of.start(quick);
    await of.age(31);
    await of.ring();
    const over = { ok: false, code: "CONFLICT" };
    expect(await of.tenant.cancelRun(id, "tenant", "Late")).toMatchObject(over);
    expect(await of.tenant.terminateRun(id)).toMatchObject(over);
    expect(await of.tenant.resumeRun(id, "tenant", { approved: true, userId: "u" })).toMatchObject(over);
    expect(await of.tenant.cancelRun(id, { userId: "somebody-else" }, "Late")).toMatchObject({
      code: "NOT_FOUND",
    });
    expect(await completeTask(of.tenant, `${id}.write.main`, 1, { output: {}, usage })).toMatchObject({
      applied: false,
    });
  });

  it("takes its child runs along, each readable by its own id", async () => {
    const of = tenantNamed("retention_children");
    const own = plan("go", { go: { action: "run", topic: "workflow:quick" } });
    const id = await of.start(own, { workflows: { quick: { id: "w", version: 1, plan: quick } } });
    const before = await of.view(id);
    const childId = present(before.children[0]).correlation_id;
    const child = await of.view(childId);
    await of.age(31);
    await of.ring();
    expect(await of.rows("runs")).toBe(0);
    expect((await of.archived()).toSorted()).toEqual([id, childId].toSorted());
    expect(await of.view(id)).toEqual(before);
    expect(await of.view(childId)).toEqual(child);
  });

  it("leaves no task input behind in R2", async () => {
    const of = tenantNamed("retention_payloads");
    const large = plan("write", {
      write: { action: "ai_text_generate", input: { prompt: "{{input.text}}" } },
    });
    const id = await of.start(large, { input: { text: "x".repeat(150_000) } });
    const payloads = async () =>
      (await env.BLOBS.list({ prefix: `payloads/${of.clientId}/` })).objects.length;
    await expect.poll(payloads).toBe(1);
    valueOrThrow(await of.tenant.cancelRun(id, "tenant", "Enough"));
    await of.age(31);
    await of.ring();
    expect(await payloads()).toBe(0);
  });

  it("leaves the events that the log still has, and what the instance remembers", async () => {
    const of = tenantNamed("retention_kept");
    const id = await of.start(storing, { instanceId: "i" });
    const before = await of.tenant.readEvents({ since: 0, entityId: id, limit: 100 });
    await of.age(31);
    await of.ring();
    expect((await of.tenant.readEvents({ since: 0, entityId: id, limit: 100 })).events).toEqual(
      before.events,
    );
    expect(await tenantObject(of.clientId, 0).listMemories("i", { limit: 10 })).toHaveLength(1);
  });
});

it("Runs that go on, and those that ended lately, stay", async () => {
  const of = tenantNamed("retention_stays");
  const waiting = plan("ask", { ask: { action: "pause_for_human_input" } });
  await of.start(waiting);
  await of.start(quick);
  await of.age(29);
  await of.ring();
  expect(await of.rows("runs")).toBe(2);
  expect(await of.archived()).toEqual([]);
});

describe("An object's storage", () => {
  it("stays as small as it was, however many runs there have been", async () => {
    const of = tenantNamed("retention_flat");
    const sizes: number[] = [];
    for (let round = 0; round < 3; round++) {
      await Promise.all(
        Array.from({ length: 40 }, () =>
          of.start(oneTextStep).then((id) => of.tenant.cancelRun(id, "tenant", "Enough")),
        ),
      );
      await of.age(31);
      await of.ring();
      expect(await Promise.all(["runs", "headers", "steps", "tasks"].map(of.rows))).toEqual([0, 0, 0, 0]);
      sizes.push(
        await runInDurableObject(of.stub, (_, { storage }) => {
          // Apart from runs there are the events, of which the log keeps a number of its own, unconfirmed copies, and the
          // lines of the history, which stay.
          for (const kept of ["event_blocks", "history", "attempts", "run_totals"])
            storage.sql.exec(`DELETE FROM ${kept}`);
          storage.sql.exec("DELETE FROM unconfirmed");
          return storage.sql.databaseSize;
        }),
      );
    }
    expect(sizes[2]).toBeLessThanOrEqual(present(sizes[0]) * 1.1);
    expect(await of.archived()).toHaveLength(120);
  });

  it("answers at the same cost however many finished runs it still holds", async () => {
    const of = tenantNamed("retention_cost");
    const costs = await runInDurableObject(of.stub, (_, { storage: { sql } }) => {
      const fill = (count: number) =>
        sql.exec(
          `INSERT INTO runs (id, status, user_id, instance_id, body, ended_at)
           WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})
           SELECT ${count} || ':' || i, 'completed', 'u', 'i', '{}', i FROM n`,
        );
      const cursors: { rowsRead: number }[] = [];
      const counting = Object.assign(Object.create(sql), {
        exec: (query: string, ...values: SqlStorageValue[]) => {
          const cursor = sql.exec(query, ...values);
          cursors.push(cursor);
          return cursor;
        },
      });
      const cost = () => {
        cursors.length = 0;
        const leases = new TaskLeases(counting, { atOnce: 1, leaseMs: 1 });
        const store = new RunStore(counting, () => ({}), new TaskRows(counting, leases));
        store.activeRunsOf("i");
        store.countActive();
        store.dueRuns(Date.now(), 100);
        store.endedBefore(Date.now(), 10);
        return cursors.map(({ rowsRead }) => rowsRead);
      };
      fill(100);
      const few = cost();
      fill(10_000);
      return { few, many: cost() };
    });
    expect(costs.many).toEqual(costs.few);
  });
});

describe("A move that breaks off", () => {
  const broken = (method: "put" | "list"): R2Bucket =>
    Object.assign(Object.create(null), {
      put: env.BLOBS.put.bind(env.BLOBS),
      get: env.BLOBS.get.bind(env.BLOBS),
      list: env.BLOBS.list.bind(env.BLOBS),
      delete: env.BLOBS.delete.bind(env.BLOBS),
      [method]: () => Promise.reject(new Error("R2 is out of order")),
    });

  it.each([
    ["before anything was stored", "put", 0],
    ["after the run was stored", "list", 2],
  ] as const)("%s loses nothing, and is made up for", async (_, method, stored) => {
    const of = tenantNamed(`retention_broken_${method}`);
    const own = plan("go", { go: { action: "run", topic: "workflow:quick" } });
    const id = await of.start(own, { workflows: { quick: { id: "w", version: 1, plan: quick } } });
    const before = await of.view(id);
    await of.age(31);
    await runInDurableObject(of.stub, (_, state) =>
      new TenantWorkflows(state, { ...env, BLOBS: broken(method), LOG_LEVEL: "error" }).alarm(),
    );
    expect(await of.archived()).toHaveLength(stored);
    expect(await of.rows("runs")).toBe(2);
    await evictDurableObject(of.stub);
    expect(await of.view(id)).toEqual(before);
    await of.ring();
    expect(await of.rows("runs")).toBe(0);
    expect(await of.view(id)).toEqual(before);
  });
});

it("Over HTTP a run is the same after it was archived, and its events end with its last", async () => {
  const owner = await createUser("retention_http");
  const of = tenantNamed("retention_http");
  const { id: instance } = await makeInstance(owner, undefined, {
    ...copywriter,
    config: { ...copywriter.config, workflow: quick },
  });
  const { correlation_id: id } = await bodyOf<{ correlation_id: string }>(
    await execute(owner, instance),
    202,
  );
  const path = `/api/v1/personas/runs/${id}`;
  const before = await bodyOf(await get(path, owner), 200);
  await of.age(31);
  await of.ring();
  expect(await of.archived()).toEqual([id]);
  expect(await bodyOf(await get(path, owner), 200)).toEqual(before);
  const events = await (await get(`${path}/events`, owner)).text();
  expect(events).toContain("event: execution.started");
  expect(events).toContain("event: execution.completed");
  expect((await get(path, await createUser("retention_http"))).status).toBe(404);
});
