import { describe, expect, it } from "vitest";
import { send } from "../../support/api.ts";
import { bodyOf, copywriter, execute, get, makeInstance } from "../../support/personas.ts";
import { createUser, type TestUser } from "../../support/users.ts";

const path = "/api/v1/admin/agent-definitions";
const admin = () => createUser("operator", { role: "admin" });
const create = (user: TestUser, type: string, over: object = {}) =>
  send("POST", path, { type, display_name: "An agent", category: "data-driven", ...over }, user.headers);

interface Definition {
  id: string;
  type: string;
}

const planWith = (type: string) => ({
  ...copywriter,
  config: {
    ...copywriter.config,
    workflow: {
      start_step: "a",
      steps: { a: { action: "ai_text_generate", topic: `system.tasks.${type}`, input: { prompt: "x" } } },
    },
  },
});

describe("Agent definitions", () => {
  it("come with the five that the platform has", async () => {
    const user = await admin();
    for (const type of ["copywriter", "image-generator", "reasoning", "researcher", "web-search"])
      expect(await bodyOf(await get(`${path}/${type}`, user), 200)).toMatchObject({ type });
  });

  it("are found by id and by type name alike", async () => {
    const user = await admin();
    const made = await bodyOf<Definition>(await create(user, "found_twice"), 201);
    expect(made).toMatchObject({ topic: "system.tasks.found_twice", is_active: true, default_config: {} });
    expect(await bodyOf(await get(`${path}/${made.id}`, user), 200)).toEqual(made);
    expect(await bodyOf(await get(`${path}/found_twice`, user), 200)).toEqual(made);
  });

  it("are routable the moment they are made, and not before", async () => {
    const user = await admin();
    const before = await send("POST", "/api/v1/templates", planWith("poet"), user.headers);
    expect(await before.json()).toMatchObject({ error: "WORKFLOW_INVALID" });
    await bodyOf(await create(user, "poet"), 201);
    const after = await send("POST", "/api/v1/templates", planWith("poet"), user.headers);
    expect(after.status).toBe(201);
  });

  it("switched off refuse new runs of the plans that need them", async () => {
    const user = await admin();
    await bodyOf(await create(user, "sleeper"), 201);
    const { id } = await makeInstance(user, undefined, planWith("sleeper"));
    expect((await execute(user, id)).status).toBe(202);
    await bodyOf(await send("PUT", `${path}/sleeper`, { is_active: false }, user.headers), 200);
    const refused = await execute(user, id);
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({
      error: "WORKFLOW_INVALID",
      details: {
        errors: [{ step: "a", path: "steps.a.topic", message: "system.tasks.sleeper leads nowhere" }],
      },
    });
  });

  it("are changed in what is given and keep the rest", async () => {
    const user = await admin();
    await bodyOf(await create(user, "changed", { default_config: { temperature: 0.1 } }), 201);
    const body = { display_name: "Renamed" };
    expect(await bodyOf(await send("PUT", `${path}/changed`, body, user.headers), 200)).toMatchObject({
      display_name: "Renamed",
      category: "data-driven",
      default_config: { temperature: 0.1 },
    });
  });

  it("are one per type, until deleted: then the name is free again", async () => {
    const user = await admin();
    const first = await bodyOf<Definition>(await create(user, "only_one"), 201);
    const twins = await Promise.all([create(user, "only_one"), create(user, "only_one")]);
    expect(twins.map(({ status }) => status)).toEqual([409, 409]);
    expect((await send("DELETE", `${path}/${first.id}`, {}, user.headers)).status).toBe(204);
    expect((await get(`${path}/only_one`, user)).status).toBe(404);
    expect((await send("DELETE", `${path}/${first.id}`, {}, user.headers)).status).toBe(404);
    const second = await bodyOf<Definition>(await create(user, "only_one"), 201);
    expect(second.id).not.toBe(first.id);
  });

  it.each([
    "A",
    "x",
    "Upper",
    "with space",
    "dotted.name",
    "1st",
    "a2345678-1234-7123-8123-123456789abc",
    "a".repeat(64),
  ])("refuse the type %s", async (type) => {
    const answer = await create(await admin(), type);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ details: { fields: [{ path: "type" }] } });
  });

  it("refuse unknown categories, unknown fields and a new type for an old one", async () => {
    const user = await admin();
    expect((await create(user, "odd", { category: "magic" })).status).toBe(400);
    expect((await create(user, "odd", { colour: "red" })).status).toBe(400);
    expect((await send("PUT", `${path}/copywriter`, { type: "other" }, user.headers)).status).toBe(400);
  });

  it("are for administrators", async () => {
    for (const role of ["user", "moderator"] as const) {
      const user = await createUser("operator", { role });
      const answers = await Promise.all([
        get(path, user),
        get(`${path}/copywriter`, user),
        create(user, "mine"),
        send("PUT", `${path}/copywriter`, { display_name: "Mine" }, user.headers),
        send("DELETE", `${path}/copywriter`, {}, user.headers),
      ]);
      expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403]);
    }
  });
});
