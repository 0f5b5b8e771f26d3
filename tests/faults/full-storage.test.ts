import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it, vi } from "vitest";
import { TenantWorkflows } from "#durable-objects/tenant-workflows/object.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { oneTextStep, plan, startRequest, usage } from "../support/plans.ts";
import { claimTask, completeTask } from "../support/task-reports.ts";

const quick = plan("done", { done: { action: "complete_workflow" } });
const result = { output: { text: "Tea!" }, usage };
const noRoom = { ok: false, code: "UPSTREAM_UNAVAILABLE", details: { retry_after: 30 } };

/** Works with an object that has so much storage for each byte that it takes. */
const withObject = (
  clientId: string,
  bytesFor: (taken: number) => number,
  work: (object: TenantWorkflows, state: DurableObjectState) => Promise<void>,
) =>
  runInDurableObject(env.TENANT_WORKFLOWS.getByName(clientId), async (_, state) => {
    const WORKFLOW_OBJECT_BYTES = String(Math.round(bytesFor(state.storage.sql.databaseSize)));
    await work(new TenantWorkflows(state, Object.assign({}, env, { WORKFLOW_OBJECT_BYTES })), state);
  });

const start = async (object: TenantWorkflows, clientId: string, of = oneTextStep) =>
  valueOrThrow(await object.startRun(startRequest(clientId, { plan: of }))).correlationId;

const finishedRuns = ({ storage }: DurableObjectState) =>
  storage.sql.exec("SELECT id FROM runs WHERE ended_at IS NOT NULL").toArray().length;

it("More than half of the storage taken: finished runs move to the archive before their time, and are read from there", async () => {
  const clientId = "full_half";
  let id = "";
  await withObject(
    clientId,
    (taken) => taken * 3,
    async (object, state) => {
      id = await start(object, clientId, quick);
      await start(object, clientId);
      await object.alarm();
      expect(finishedRuns(state)).toBe(1);
    },
  );
  await withObject(
    clientId,
    (taken) => taken * 1.5,
    async (object, state) => {
      await object.alarm();
      await vi.waitUntil(() => finishedRuns(state) === 0);
      expect(await object.getRun(id, "tenant")).toMatchObject({ ok: true, value: { status: "completed" } });
      expect(await object.describe()).toMatchObject({ activeRuns: 1 });
    },
  );
});

it("A key finds its run also when that has moved to the archive, however full the storage is", async () => {
  const clientId = "full_key";
  const once = startRequest(clientId, { plan: quick, idempotency: { key: "once", bodyDigest: "the same" } });
  let id = "";
  await withObject(
    clientId,
    (taken) => taken * 3,
    async (object) => {
      id = valueOrThrow(await object.startRun(once)).correlationId;
    },
  );
  await withObject(
    clientId,
    (taken) => taken * 1.02,
    async (object, state) => {
      await object.alarm();
      await vi.waitUntil(() => finishedRuns(state) === 0);
      const again = { correlationId: id, status: "completed", created: false };
      expect(await object.startRun(once)).toEqual({ ok: true, value: again });
    },
  );
});

it("Nearly all of it taken: no run begins, and those that go on come to their end", async () => {
  const clientId = "full_nearly";
  await withObject(
    clientId,
    (taken) => taken * 3,
    async (object) => void (await start(object, clientId)),
  );
  await withObject(
    clientId,
    (taken) => taken,
    async (object, { storage }) => {
      expect(await object.startRun(startRequest(clientId, { plan: quick }))).toMatchObject(noRoom);
      const { id } = storage.sql.exec<{ id: string }>("SELECT id FROM tasks").one();
      valueOrThrow(await claimTask(object, id, 1));
      expect(await completeTask(object, id, 1, result)).toEqual({ applied: true });
    },
  );
});

it("No write finds room: reads are answered, a new run is refused, and what went on goes on once there is room", async () => {
  const clientId = "full_all";
  await withObject(
    clientId,
    (taken) => taken * 100,
    async (object, state) => {
      const ended = await start(object, clientId, quick);
      const open = await start(object, clientId);
      const { sql } = state.storage;
      const exec = sql.exec.bind(sql);
      const full = vi.spyOn(sql, "exec").mockImplementation((query, ...values) => {
        // What is deleted makes room, and needs none.
        if (/^\s*(INSERT|UPDATE)/.test(query)) throw new Error("database or disk is full: SQLITE_FULL");
        return exec(query, ...values);
      });
      expect(await object.startRun(startRequest(clientId, { plan: quick }))).toMatchObject(noRoom);
      await expect(completeTask(object, `${open}.write.main`, 1, result)).rejects.toThrow("SQLITE_FULL");
      const restarted = new TenantWorkflows(state, env);
      expect(await restarted.getRun(open, "tenant")).toMatchObject({
        ok: true,
        value: { status: "running" },
      });
      await vi.waitUntil(() => finishedRuns(state) === 0);
      expect(await restarted.getRun(ended, "tenant")).toMatchObject({
        ok: true,
        value: { status: "completed" },
      });

      full.mockRestore();
      expect(await completeTask(object, `${open}.write.main`, 1, result)).toEqual({ applied: true });
      expect(await object.getRun(open, "tenant")).toMatchObject({ ok: true, value: { status: "completed" } });
      await start(object, clientId, quick);
    },
  );
});
