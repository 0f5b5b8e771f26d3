import { describe, expect, it } from "vitest";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { pageOfTasks } from "#src/objects/task-projection.ts";
import { api } from "../../support/api.ts";
import { tenantObject } from "../../support/objects.ts";
import { makeInstance, startRun } from "../../support/personas.ts";
import { oneTextStep, plan, startRequest, usage } from "../../support/plans.ts";
import { completeTask } from "../../support/task-reports.ts";
import { createUser } from "../../support/users.ts";

const retry = { max_attempts: 2, backoff_seconds: 0 };
const wide = plan("each", {
  each: {
    action: "web_search",
    for_each: "input.items",
    max_parallel: 2,
    retry,
    input: { query: "{{item}}" },
    next_step: "last",
  },
  last: { action: "ai_text_generate", input: { prompt: "Sum up" } },
});

/** A user with a run of their own that goes on. */
async function running(clientId: string, of = wide) {
  const user = await createUser(clientId);
  const tenant = tenantObject(clientId);
  const request = startRequest(clientId, {
    plan: of,
    userId: user.actor.userId,
    input: { topic: "tea", items: ["a", "b", "c"] },
    startedBy: { kind: "schedule", id: "every-morning" },
  });
  const { correlationId: id } = valueOrThrow(await tenant.startRun(request));
  const params = { path: { correlation_id: id } };
  const { GET } = api(user.token);
  return {
    id,
    user,
    tenant,
    view: async () => (await GET("/api/v1/personas/runs/{correlation_id}", { params })).data,
    tasks: async (query: Record<string, unknown> = {}) =>
      GET("/api/v1/personas/runs/{correlation_id}/tasks", { params: { ...params, query } }),
  };
}

describe("A run tells", () => {
  it("what it was made of, who started it, and every step of its plan, also when it has ended", async () => {
    const { id, tenant, view } = await running("tells_run", oneTextStep);
    await tenant.claimTasks([[`${id}.write.main`, 1]]);
    const failure = { error: { code: "BOOM", message: "It broke", retryable: false } };
    await tenant.failTask(`${id}.write.main`, 1, failure);
    expect(await view()).toMatchObject({
      status: "failed",
      plan: oneTextStep,
      versions: { template: null, definition: null, workflows: {} },
      input: { topic: "tea" },
      started_by: { kind: "schedule", id: "every-morning" },
      revision: 3,
      steps: [
        { name: "write", status: "failed", input: { prompt: "Write about tea" }, tasks: { failed: 1 } },
        { name: "done", status: "pending", input: null, tasks: {} },
      ],
    });
  });

  it("one task with what it was given and gave, and none that is not its own", async () => {
    const { id, tenant, user } = await running("tells_task", oneTextStep);
    const task_id = `${id}.write.main`;
    const ask = (task: string, token = user.token) =>
      api(token).GET("/api/v1/personas/runs/{correlation_id}/tasks/{task_id}", {
        params: { path: { correlation_id: id, task_id: task } },
      });
    await completeTask(tenant, task_id, 1, { output: { text: "Tea" }, usage });
    expect((await ask(task_id)).data).toMatchObject({
      id: task_id,
      step: "write",
      status: "completed",
      attempts: [{ attempt: 1, status: "completed" }],
      input: { prompt: "Write about tea" },
      output: { text: "Tea" },
    });
    expect((await ask(`${id}.write.1`)).response.status).toBe(404);
    expect((await ask(task_id, (await createUser("tells_task")).token)).response.status).toBe(404);
  });

  it("its tasks by name or index, with the attempts of each and what they used", async () => {
    const { id, tenant, tasks, view } = await running("tells_tasks");
    const first = `${id}.each.0`;
    await tenant.claimTasks([[first, 1]]);
    await tenant.failTask(first, 1, { error: { code: "BOOM", message: "It broke", retryable: true }, usage });
    await completeTask(tenant, `${id}.each.1`, 1, {
      output: { results: ["b"] },
      usage: { ...usage, model: "serpapi" },
    });
    const { data } = await tasks({ step: "each" });
    expect(data?.tasks).toMatchObject([
      {
        id: first,
        index: 0,
        attempt: 2,
        attempts: [{ attempt: 1, status: "failed", error: { code: "BOOM" }, delay_ms: 0 }],
        tokens: { input: 3, output: 5 },
        cost_micros: 7,
      },
      {
        index: 1,
        status: "completed",
        model: "serpapi",
        fuel: { reserved: 0, spent: 5 },
        attempts: [{ attempt: 1, status: "completed", ended_at: expect.any(String) }],
      },
      { index: 2, status: "dispatched", claimed_at: null, fuel: { reserved: 5, spent: 0 } },
    ]);
    expect(data?.tasks.some((task) => "input" in task || "output" in task)).toBe(false);
    expect((await view())?.steps[0]).toMatchObject({ input: null, tasks: { completed: 1, dispatched: 1 } });
  });

  it("its tasks in pages, by status, and with what they were given and gave when asked", async () => {
    const { id, tenant, tasks } = await running("tells_pages");
    await completeTask(tenant, `${id}.each.0`, 1, { output: { results: ["A"] }, usage });
    const { data: one } = await tasks({ limit: 2, include: "input,output" });
    expect(one?.tasks).toMatchObject([
      { index: 0, input: { query: "a" }, output: { results: ["A"] } },
      { index: 1, input: { query: "b" }, output: null },
    ]);
    const { data: two } = await tasks({ limit: 2, cursor: one?.next_cursor });
    expect(two).toMatchObject({ tasks: [{ index: 2 }], count: 1, next_cursor: null });
    const { data: done } = await tasks({ status: "completed" });
    expect(done?.tasks.map(({ index }) => index)).toEqual([0]);
    expect((await tasks({ include: "everything" })).response.status).toBe(400);
  });

  it("nothing to others, and everything to the administrators of the tenant", async () => {
    const { id } = await running("tells_others", oneTextStep);
    const params = { path: { correlation_id: id } };
    const stranger = api((await createUser("tells_others")).token);
    const hidden = await stranger.GET("/api/v1/personas/runs/{correlation_id}/tasks", { params });
    expect(hidden.response.status).toBe(404);
    const admin = api((await createUser("tells_others", { role: "admin" })).token);
    const { data } = await admin.GET("/api/v1/admin/workflows/runs/{correlation_id}/tasks", { params });
    expect(data?.tasks).toMatchObject([{ id: `${id}.write.main`, step: "write" }]);
  });

  it("that a user started it who executed a persona, and of which template", async () => {
    const user = await createUser("tells_user");
    const id = await startRun(user, (await makeInstance(user)).id);
    const { data } = await api(user.token).GET("/api/v1/personas/runs/{correlation_id}", {
      params: { path: { correlation_id: id } },
    });
    expect(data).toMatchObject({
      started_by: { kind: "user", id: user.actor.userId },
      versions: { template: { version: 1 } },
    });
  });
});

it("A page with what tasks were given ends at 4 MiB of it, and has one at least", async () => {
  const { tenant, id } = await running("tells_bytes");
  const { tasks } = valueOrThrow(await tenant.listTasks(id, "tenant", { after: 0, limit: 3, include: [] }));
  const large = tasks.map((task, n) => ({ ...task, input: "x".repeat(n === 0 ? 5_000_000 : 1_900_000) }));
  const page = (after: number) => pageOfTasks(large, { after, limit: 100, include: ["input"] });
  expect(page(0)).toMatchObject({ tasks: [{ index: 0 }], next: 1 });
  expect(page(1)).toMatchObject({ tasks: [{ index: 1 }, { index: 2 }], next: null });
});
