import { describe, expect, it } from "vitest";
import { healthOf } from "#src/agent-administration/agent-health.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { send } from "../../support/api.ts";
import { tenantObject } from "../../support/objects.ts";
import {
  bodyOf,
  copywriter,
  eventOf,
  get,
  makeInstance,
  present,
  projectRun,
  startRun,
} from "../../support/personas.ts";
import { claimTask } from "../../support/task-reports.ts";
import { createUser, type TestUser } from "../../support/users.ts";

const path = "/api/v1/admin/agents";
const admin = () => createUser("operator", { role: "admin" });
const setStatus = (user: TestUser, id: string, body: unknown) =>
  send("PUT", `${path}/${id}/status`, body, user.headers);
const restart = (user: TestUser, id: string) => send("POST", `${path}/${id}/restart`, {}, user.headers);

interface Agent {
  id: string;
  client_id: string;
  is_active: boolean;
}
const listed = async (user: TestUser, query: string) =>
  (await bodyOf<{ instances: Agent[] }>(await get(`${path}?${query}`, user), 200)).instances;

describe("Health of an agent", () => {
  const run = (status: "completed" | "failed" | "running", ms = 100) => ({
    status,
    createdAt: 0,
    completedAt: status === "running" ? null : ms,
  });
  const runs = (failed: number, completed: number) => [
    ...Array.from({ length: failed }, () => run("failed")),
    ...Array.from({ length: completed }, () => run("completed")),
  ];

  it.each([
    ["without runs", [], "healthy", 0],
    ["with 1 failure of 20", runs(1, 19), "healthy", 5],
    ["with 1 of 10", runs(1, 9), "degraded", 10],
    ["with half", runs(5, 5), "unhealthy", 50],
    ["with a third", runs(1, 2), "degraded", 33.33],
    ["with runs still going", [run("running"), run("completed")], "healthy", 0],
  ])("%s", (_, recent, status, rate) => {
    expect(healthOf(true, recent, 0, 0)).toMatchObject({ status, error_rate_percent: rate });
  });

  it("is disabled when it is switched off, whatever its runs", () => {
    expect(healthOf(false, runs(0, 5), 2, 0)).toMatchObject({ status: "disabled", queue_depth: 2 });
  });

  it("averages the time of runs that ended", () => {
    expect(healthOf(true, [run("completed", 100), run("failed", 300), run("running")], 1, 0)).toMatchObject({
      avg_response_time_ms: 200,
    });
  });
});

describe("Administrators' view of agents", () => {
  it("has usage, health and the ten latest executions", async () => {
    const owner = await createUser("agents_detail");
    const { id } = await makeInstance(owner);
    const now = Date.now();
    for (let n = 0; n < 11; n++) await projectRun(owner, id, { created_at: now + n });
    await startRun(owner, id);
    const last = await projectRun(owner, id, { created_at: Date.now() + 60_000, status: "failed" });
    const { agent, executions } = await bodyOf<{ agent: unknown; executions: { correlation_id: string }[] }>(
      await get(`${path}/${id}`, await admin()),
      200,
    );
    expect(agent).toMatchObject({
      id,
      client_id: "agents_detail",
      owner_user_id: owner.actor.userId,
      template_name: "Copywriter",
      usage: {
        total_executions: 13,
        successful_runs: 11,
        failed_runs: 1,
        average_run_time_ms: 1000,
        last_execution_time: new Date(last.created_at).toISOString(),
        fuel_consumed: 120,
      },
      health: { status: "healthy", error_rate_percent: 8.33, avg_response_time_ms: 1000, queue_depth: 1 },
    });
    expect(executions).toHaveLength(10);
    expect(present(executions[0]).correlation_id).toBe(last.correlation_id);
  });

  it("filters by tenant, by the template's category and by activity, in pages", async () => {
    const user = await admin();
    const owner = await createUser("agents_filter");
    const { id: writer } = await makeInstance(owner);
    const { id: researcher } = await makeInstance(owner, undefined, {
      ...copywriter,
      category: "agents_research",
    });
    const { id: elsewhere } = await makeInstance(await createUser("agents_filter_2"));
    const idsOf = async (query: string) => (await listed(user, query)).map(({ id }) => id);
    expect(await idsOf("client_id=agents_filter")).toEqual([researcher, writer]);
    expect(await idsOf("client_id=agents_filter&agent_type=agents_research")).toEqual([researcher]);
    expect(await idsOf("agent_type=agents_research")).toEqual([researcher]);
    expect((await idsOf("limit=50"))[0]).toBe(elsewhere);
    await bodyOf(await setStatus(user, writer, { is_active: false }), 200);
    expect(await idsOf("client_id=agents_filter&is_active=false")).toEqual([writer]);
    expect(await idsOf("client_id=agents_filter&is_active=true")).toEqual([researcher]);
    expect(await idsOf("client_id=no_such_client")).toEqual([]);
    expect((await get(`${path}?is_active=maybe`, user)).status).toBe(400);
  });

  it("is for administrators", async () => {
    const owner = await createUser("agents_forbidden");
    const { id } = await makeInstance(owner);
    for (const user of [owner, await createUser("agents_forbidden", { role: "moderator" })]) {
      const answers = await Promise.all([
        get(path, user),
        get(`${path}/${id}`, user),
        setStatus(user, id, { is_active: false }),
        restart(user, id),
      ]);
      expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
    }
  });

  it("knows no agent that does not exist", async () => {
    const user = await admin();
    const none = "0199c1b2-5a7e-7c3a-9d55-0f6d3f0a1b2c";
    const answers = await Promise.all([
      get(`${path}/${none}`, user),
      setStatus(user, none, { is_active: false }),
      restart(user, none),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
  });
});

describe("An agent switched off", () => {
  it("is told to its owner with the reason, and to the tenant without it and without which it was", async () => {
    const owner = await createUser("agents_status");
    const { id } = await makeInstance(owner);
    const body = { is_active: false, reason: "Costs too much" };
    expect(await bodyOf(await setStatus(await admin(), id, body), 200)).toMatchObject({
      agent_id: id,
      is_active: false,
    });
    const changed = await eventOf("agents_status", "instance.status.changed");
    expect(changed).toMatchObject({
      entity_id: id,
      owner_user_id: owner.actor.userId,
      data: {
        instance_id: id,
        previous_status: "active",
        new_status: "inactive",
        triggered_by: expect.any(String),
        is_active: false,
        reason: "Costs too much",
      },
    });
    const notification = await eventOf("agents_status", "system.notification");
    expect(notification).toMatchObject({
      owner_user_id: null,
      data: { code: "AGENT_DISABLED" },
    });
    const told = JSON.stringify(notification);
    for (const secret of ["Costs", id, "Mine", owner.actor.userId]) expect(told).not.toContain(secret);
  });

  it("twice is told once", async () => {
    const owner = await createUser("agents_twice");
    const { id } = await makeInstance(owner);
    const user = await admin();
    await bodyOf(await setStatus(user, id, { is_active: false }), 200);
    await bodyOf(await setStatus(user, id, { is_active: false }), 200);
    await bodyOf(await setStatus(user, id, { is_active: true }), 200);
    await eventOf("agents_twice", "instance.status.changed", ({ data }) => data.is_active === true);
    const { events } = await tenantObject("agents_twice").readEvents({ since: 0, limit: 20 });
    expect(events.map(({ event }) => event)).toEqual([
      "instance.created",
      "instance.status.changed",
      "system.notification",
      "instance.status.changed",
    ]);
  });
});

describe("A restart", () => {
  it("frees a task from whoever holds it, to be done again at once, and by one only", async () => {
    const owner = await createUser("agents_restart");
    const { id } = await makeInstance(owner);
    const run = await startRun(owner, id);
    const tenant = tenantObject("agents_restart");
    const task = `${run}.write.main`;
    valueOrThrow(await claimTask(tenant, task, 1));
    expect((await claimTask(tenant, task, 1)).ok).toBe(false);
    const answer = await bodyOf<{ redispatched_tasks: number }>(await restart(await admin(), id), 200);
    expect(answer.redispatched_tasks).toBe(1);
    expect((await claimTask(tenant, task, 1)).ok).toBe(true);
    expect((await claimTask(tenant, task, 1)).ok).toBe(false);
  });

  it("of an agent that does nothing changes nothing", async () => {
    const { id } = await makeInstance(await createUser("agents_idle"));
    expect(await bodyOf(await restart(await admin(), id), 200)).toMatchObject({ redispatched_tasks: 0 });
  });
});
