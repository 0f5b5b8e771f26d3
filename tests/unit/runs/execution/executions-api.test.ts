import { describe, expect, it } from "vitest";
import type { Lane } from "#src/engine/topics.ts";
import type { Tier } from "#src/kernel/actor.ts";
import { laneOf } from "#src/runs/execution/start-execution.ts";
import { call, send } from "#tests/support/api.ts";
import { bodyOf, copywriter, execute, get, input, makeInstance, startRun } from "#tests/support/personas.ts";
import { createUser } from "#tests/support/users.ts";
import { runPath } from "../paths.ts";

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
