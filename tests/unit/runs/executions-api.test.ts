import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import { database } from "#src/db/client.ts";
import { contentSlots } from "#src/db/schema/index.ts";
import type { Lane } from "#src/engine/topics.ts";
import type { Tier } from "#src/kernel/actor.ts";
import { sweepSlots } from "#src/runs/execution/content-slot-repository.ts";
import { laneOf } from "#src/runs/execution/start-execution.ts";
import { call, send } from "../../support/api.ts";
import { tenantObjectOfRun } from "../../support/objects.ts";
import {
  bodyOf,
  copywriter,
  execute,
  get,
  input,
  makeInstance,
  present,
  projectRun,
  startRun,
} from "../../support/personas.ts";
import { usage } from "../../support/plans.ts";
import { completeTask } from "../../support/task-reports.ts";
import { createUser, type TestUser } from "../../support/users.ts";

const db = database(env.DB);

const runPath = (id: string) => `/api/v1/personas/runs/${id}`;
const stop = (user: TestUser, id: string, body?: unknown) =>
  body === undefined
    ? call(`/api/v1/personas/instances/${id}/stop`, { method: "POST", headers: user.headers })
    : send("POST", `/api/v1/personas/instances/${id}/stop`, body, user.headers);
const statusOf = async (user: TestUser, run: string) =>
  (await bodyOf<{ status: string }>(await get(runPath(run), user), 200)).status;

describe("The lane of a run", () => {
  it.each<[Tier, Lane | undefined, Lane]>([
    ["free", undefined, "low"],
    ["basic", undefined, "normal"],
    ["premium", undefined, "normal"],
    ["enterprise", undefined, "high"],
    ["enterprise", "low", "low"],
    ["premium", "low", "low"],
    ["premium", "high", "normal"],
    ["free", "high", "low"],
  ])("of tier %s asking for %s is %s", (tier, asked, lane) => {
    expect(laneOf(tier, asked)).toBe(lane);
  });
});

describe("The fuel budget of a run", () => {
  it.each<[Tier, number | undefined, number]>([
    ["basic", undefined, 500],
    ["basic", 20, 20],
    ["basic", 5000, 500],
    ["enterprise", undefined, 10_000],
  ])("of tier %s asking for %s is %i", async (tier, fuel_budget, budget) => {
    const user = await createUser("execute_fuel", { tier });
    const { id } = await makeInstance(user);
    const run = await startRun(user, id, { ...input, fuel_budget });
    expect(await bodyOf(await get(runPath(run), user), 200)).toMatchObject({ fuel: { budget } });
  });
});

describe("An execution", () => {
  it("is refused by an instance that is switched off", async () => {
    const user = await createUser("execute_disabled");
    const administrator = await createUser("execute_disabled", { role: "admin" });
    const { id } = await makeInstance(user);
    const set = (is_active: boolean) =>
      send("PUT", `/api/v1/admin/agents/${id}/status`, { is_active, reason: "costs" }, administrator.headers);
    await bodyOf(await set(false), 200);
    const refused = await execute(user, id);
    expect(refused.status).toBe(409);
    expect(await refused.json()).toMatchObject({ error: "PERSONA_DISABLED" });
    await bodyOf(await set(true), 200);
    expect((await execute(user, id)).status).toBe(202);
  });

  it("gives the plan its action as input.action, and leaves an input's own one alone", async () => {
    const user = await createUser("execute_action");
    const workflow = {
      start_step: "a",
      steps: { a: { action: "complete_workflow", input: { did: "{{input.action}}" } } },
    };
    const { id } = await makeInstance(user, undefined, {
      ...copywriter,
      config: { ...copywriter.config, workflow },
    });
    const resultOf = async (body: object) =>
      bodyOf(await send("POST", `/api/v1/personas/instances/${id}/execute?wait=5`, body, user.headers), 200);
    expect(await resultOf({ ...input, action: "draft" })).toMatchObject({ result: { did: "draft" } });
    expect(await resultOf({ action: "draft", input: { topic: "tea", action: "mine" } })).toMatchObject({
      result: { did: "mine" },
    });
  });

  it("answers 202 when ?wait is over before the run is", async () => {
    const user = await createUser("execute_impatient");
    const { id } = await makeInstance(user);
    const answer = await send("POST", `/api/v1/personas/instances/${id}/execute?wait=1`, input, user.headers);
    expect(answer.status).toBe(202);
    expect(answer.headers.get("location")).toContain("/api/v1/personas/runs/");
  });

  it("refuses to wait longer than 25 s", async () => {
    const user = await createUser("execute_patient");
    const { id } = await makeInstance(user);
    const answer = await send(
      "POST",
      `/api/v1/personas/instances/${id}/execute?wait=26`,
      input,
      user.headers,
    );
    expect(answer.status).toBe(400);
  });

  it("with input nested too deep is refused, not crashed over", async () => {
    const user = await createUser("execute_deep");
    const { id } = await makeInstance(user);
    const body = `{"input":{"topic":"tea","deep":${"[".repeat(200_000)}${"]".repeat(200_000)}}}`;
    const answer = await call(`/api/v1/personas/instances/${id}/execute`, {
      method: "POST",
      headers: { ...user.headers, "content-type": "application/json" },
      body,
    });
    expect(answer.status).toBe(400);
  });

  it("under one key started by many at once is one run", async () => {
    const user = await createUser("execute_once");
    const { id } = await makeInstance(user);
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => execute(user, id, input, { "idempotency-key": "once" })),
    );
    const ids = await Promise.all(
      answers.map(async (answer) => (await bodyOf<{ correlation_id: string }>(answer, 202)).correlation_id),
    );
    expect(new Set(ids).size).toBe(1);
    expect(answers.filter(({ headers }) => headers.get("idempotent-replayed") === "true")).toHaveLength(7);
  });

  it("under the key of another user or instance is a run of its own", async () => {
    const user = await createUser("execute_keys");
    const other = await createUser("execute_keys", { role: "admin" });
    const [first, second] = [await makeInstance(user), await makeInstance(user)];
    const key = { "idempotency-key": "shared" };
    const answers = [
      await execute(user, first.id, input, key),
      await execute(user, second.id, { input: { topic: "coffee" } }, key),
      await execute(other, first.id, { input: { topic: "milk" } }, key),
    ];
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
  });
});

describe("The content quota", () => {
  const limits = { free: 10, basic: 100 };
  const month = 31 * 86_400_000;

  it("lets no more runs through than the tier allows, however many start at once", async () => {
    const user = await createUser("quota_race", { tier: "free" });
    const { id } = await makeInstance(user);
    const answers = await Promise.all(Array.from({ length: 25 }, () => execute(user, id)));
    const accepted = answers.filter(({ status }) => status === 202);
    expect(accepted).toHaveLength(limits.free);
    const refused = present(answers.find(({ status }) => status === 403));
    expect(await refused.json()).toMatchObject({
      error: "QUOTA_EXCEEDED",
      code: "SUB002",
      details: { resource: "content" },
    });
  });

  it("counts what was completed in this billing period, and nothing older or failed", async () => {
    const user = await createUser("quota_period", { tier: "free" });
    const { id } = await makeInstance(user);
    const now = Date.now();
    for (let n = 0; n < limits.free - 1; n++)
      await projectRun(user, id, { created_at: now, completed_at: now });
    for (let n = 0; n < 5; n++) {
      await projectRun(user, id, { created_at: now - 2 * month, completed_at: now - 2 * month });
      await projectRun(user, id, { created_at: now, status: "failed" });
    }
    expect((await execute(user, id)).status).toBe(202);
    expect((await execute(user, id)).status).toBe(403);
  });

  it("gives a place back when a run fails, is cancelled, or never began", async () => {
    const user = await createUser("quota_back", { tier: "free" });
    const { id } = await makeInstance(user);
    const runs: string[] = [];
    for (let n = 0; n < limits.free; n++) runs.push(await startRun(user, id));
    expect((await execute(user, id)).status).toBe(403);
    await projectRun(user, id, {
      created_at: Date.now(),
      correlation_id: present(runs[0]),
      status: "cancelled",
    });
    expect((await execute(user, id)).status).toBe(202);
    expect((await execute(user, id)).status).toBe(403);
    const tooLarge = { input: { topic: "tea", more: "x".repeat(300_000) } };
    await projectRun(user, id, {
      created_at: Date.now(),
      correlation_id: present(runs[1]),
      status: "failed",
    });
    expect((await execute(user, id, tooLarge)).status).toBe(413);
    expect((await execute(user, id)).status).toBe(202);
  });

  it("does not refuse the replay of a run that was let through", async () => {
    const user = await createUser("quota_replay", { tier: "free" });
    const { id } = await makeInstance(user);
    const key = { "idempotency-key": "first" };
    const first = await bodyOf<{ correlation_id: string }>(await execute(user, id, input, key), 202);
    for (let n = 1; n < limits.free; n++) await startRun(user, id);
    expect((await execute(user, id)).status).toBe(403);
    const replay = await execute(user, id, input, key);
    expect(replay.headers.get("idempotent-replayed")).toBe("true");
    expect(await bodyOf(replay, 202)).toMatchObject(first);
  });

  it("is not got around by repeating a request id", async () => {
    const user = await createUser("quota_request_id", { tier: "free" });
    const { id } = await makeInstance(user);
    const headers = { "x-request-id": "always-the-same-one" };
    const answers = [];
    for (let n = 0; n < limits.free + 2; n++) answers.push((await execute(user, id, input, headers)).status);
    expect(answers.slice(-2)).toEqual([403, 403]);
  });

  it("does not bind who has none, and old places are swept", async () => {
    const user = await createUser("quota_none");
    const { id } = await makeInstance(user);
    const answers = await Promise.all(Array.from({ length: 15 }, () => execute(user, id)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    const limited = await createUser("quota_none", { tier: "basic" });
    await startRun(limited, (await makeInstance(limited)).id);
    const slots = () => db.select().from(contentSlots).where(eq(contentSlots.userId, limited.actor.userId));
    await sweepSlots(db, Date.now());
    expect(await slots()).toHaveLength(1);
    await sweepSlots(db, Date.now() + 9 * 86_400_000);
    expect(await slots()).toHaveLength(0);
  });
});

describe("Stopping", () => {
  it("cancels all an instance executes, and nothing of another", async () => {
    const user = await createUser("stop_all");
    const { id } = await makeInstance(user);
    const { id: other } = await makeInstance(user);
    const [first, second] = [await startRun(user, id), await startRun(user, id)];
    const untouched = await startRun(user, other);
    const { stopped, count } = await bodyOf<{ stopped: string[]; count: number }>(await stop(user, id), 200);
    expect(stopped.sort()).toEqual([first, second].sort());
    expect(count).toBe(2);
    expect(await statusOf(user, first)).toBe("cancelled");
    expect(await statusOf(user, untouched)).toBe("running");
    expect(await bodyOf(await stop(user, id), 200)).toMatchObject({ stopped: [], count: 0 });
  });

  it("takes no body of another type, not even none", async () => {
    const user = await createUser("stop_typed");
    const { id } = await makeInstance(user);
    const answer = await call(`/api/v1/personas/instances/${id}/stop`, {
      method: "POST",
      headers: { ...user.headers, "content-type": "text/plain" },
    });
    expect(await bodyOf(answer, 415)).toMatchObject({ error: "UNSUPPORTED_MEDIA_TYPE" });
  });

  it("cancels the one run that is named", async () => {
    const user = await createUser("stop_one");
    const { id } = await makeInstance(user);
    const [first, second] = [await startRun(user, id), await startRun(user, id)];
    expect(await bodyOf(await stop(user, id, { correlation_id: first }), 200)).toMatchObject({
      stopped: [first],
    });
    expect([await statusOf(user, first), await statusOf(user, second)]).toEqual(["cancelled", "running"]);
    expect((await stop(user, id, { correlation_id: first })).status).toBe(409);
  });

  it("does not reach a run of another instance, or an instance of another user", async () => {
    const user = await createUser("stop_other");
    const [mine, alsoMine] = [await makeInstance(user), await makeInstance(user)];
    const run = await startRun(user, mine.id);
    expect((await stop(user, alsoMine.id, { correlation_id: run })).status).toBe(404);
    const stranger = await createUser("stop_other");
    expect((await stop(stranger, mine.id)).status).toBe(404);
    expect((await stop(stranger, mine.id, { correlation_id: run })).status).toBe(404);
    expect(await statusOf(user, run)).toBe("running");
  });

  it("reaches a run that an administrator started on one's own instance", async () => {
    const user = await createUser("stop_admin");
    const administrator = await createUser("stop_admin", { role: "admin" });
    const { id } = await makeInstance(user);
    const run = await startRun(administrator, id);
    expect(await bodyOf(await stop(user, id), 200)).toMatchObject({ stopped: [run] });
  });
});

describe("The stream of a run's events", () => {
  it("tells of a gap when what came in between is no longer kept", async () => {
    const user = await createUser("stream_gap");
    const { id } = await makeInstance(user);
    const run = await startRun(user, id);
    const tenant = tenantObjectOfRun("stream_gap", run);
    const { latest } = await tenant.readEvents({ since: 0, limit: 1 });
    await completeTask(tenant, `${run}.write.main`, 1, { output: { text: "Tea" }, usage });
    const text = async (since: number) =>
      (
        await call(`${runPath(run)}/events`, { headers: { ...user.headers, "last-event-id": String(since) } })
      ).text();
    expect(await text(1)).not.toContain("history.gap");
    await runInDurableObject(
      env.TENANT_WORKFLOWS.getByName("stream_gap"),
      (_, { storage }) => void storage.sql.exec("DELETE FROM events WHERE seq < ?", latest),
    );
    const resumed = await text(1);
    expect(resumed).toContain(`event: history.gap\ndata: {"since":1,"oldest":${latest}}`);
    expect(resumed).toContain("event: execution.completed");
    expect(await text(latest)).not.toContain("history.gap");
  });

  it.each(["-1", "x", "1.5"])("refuses Last-Event-ID %s", async (since) => {
    const user = await createUser("stream_id");
    const { id } = await makeInstance(user);
    const run = await startRun(user, id);
    const answer = await call(`${runPath(run)}/events`, {
      headers: { ...user.headers, "last-event-id": since },
    });
    expect(answer.status).toBe(400);
  });
});
