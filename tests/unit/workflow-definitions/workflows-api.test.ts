import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { send } from "../../support/api.ts";
import { bodyOf, get } from "../../support/personas.ts";
import { createUser } from "../../support/users.ts";
import { calling, echoing, makeWorkflow, postWorkflow, type Workflow } from "../../support/workflows.ts";
import { admin, at, put, read, refusal, remove } from "./definitions.ts";

describe("A workflow definition", () => {
  it("is made as version 1 and found by id and by name, with what its check says", async () => {
    const made = await makeWorkflow(admin, "made", {
      start_step: "write",
      steps: { write: { action: "ai_text_generate" }, idle: { action: "web_search" } },
    });
    expect(made).toMatchObject({
      name: "made",
      topic: "workflow:made",
      version: 1,
      is_active: true,
      description: "",
      validation: {
        valid: true,
        errors: [],
        warnings: [{ step: "idle", message: "Nothing leads to this step" }],
        metrics: { total_steps: 2, external_calls: 2, estimated_fuel: 30 },
      },
    });
    expect(await read("made")).toEqual(made);
    expect(await read(made.id)).toEqual(made);
  });

  it("has a name of its own: of several made at once one is", async () => {
    const answers = await Promise.all(["twin", "twin", "twin"].map((name) => postWorkflow(admin, name)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    const { versions } = await bodyOf<{ versions: unknown[] }>(
      await get(at("twin", "/versions"), admin),
      200,
    );
    expect(versions).toHaveLength(1);
  });

  it("is checked before it is stored, as the definition of its name where it has one, and stores nothing", async () => {
    const check = async (body: unknown) =>
      bodyOf<Workflow["validation"]>(await send("POST", at("validate"), body, admin.headers), 200);
    expect(await check({ plan: echoing })).toMatchObject({ valid: true, errors: [] });
    const itself = calling("again");
    expect((await check({ plan: itself })).errors.map(({ message }) => message)).toEqual([
      "There is no active workflow again",
    ]);
    const { valid, errors } = await check({ name: "again", plan: itself });
    expect([valid, errors.length > 0]).toEqual([false, true]);
    expect(errors.map(({ message }) => message)).not.toContain("There is no active workflow again");
    expect((await get(at("again"), admin)).status).toBe(404);
  });

  it("with an invalid plan is refused with every problem at once", async () => {
    const answer = await postWorkflow(admin, "broken", {
      start_step: "nowhere",
      steps: {
        a: { action: "dance", next_step: "b" },
        b: { action: "fan_out", next_step: "constructor" },
        c: { action: "run", topic: "workflow:missing" },
      },
    });
    const { error, details } = await refusal(answer);
    expect(error).toBe("WORKFLOW_INVALID");
    expect(details.errors.map(({ path, message }) => `${path}: ${message}`)).toEqual([
      "start_step: There is no step nowhere",
      "steps.a.topic: dance needs a topic",
      "steps.b.next_step: There is no step constructor",
      "steps.b.sub_tasks: fan_out needs sub-tasks",
      "steps.c.topic: There is no active workflow missing",
    ]);
    expect((await get(at("broken"), admin)).status).toBe(404);
  });

  it.each<[string, unknown, string]>([
    ["a name with a blank", { name: "a b", plan: echoing }, "name"],
    ["a name that a path has", { name: "runs", plan: echoing }, "name"],
    ["no plan", { name: "bare" }, "plan"],
    [
      "a plan over 256 KiB",
      {
        name: "huge",
        plan: {
          ...echoing,
          steps: { a: { action: "x", description: "", input: { x: "x".repeat(270_000) } } },
        },
      },
      "plan",
    ],
    ["what nobody knows", { name: "more", plan: echoing, colour: "red" }, "colour"],
  ])("is refused with %s", async (_, body, path) => {
    const answer = await send("POST", "/api/v1/admin/workflows", body, admin.headers);
    expect(await bodyOf(answer, 400)).toMatchObject({
      error: "VALIDATION_ERROR",
      details: { fields: [{ path }] },
    });
  });

  it("is for administrators only", async () => {
    const others = [
      await createUser("workflow_definitions", { role: "moderator" }),
      await createUser("workflow_definitions"),
    ];
    for (const user of others) {
      expect((await get("/api/v1/admin/workflows", user)).status).toBe(403);
      expect((await postWorkflow(user, "mine")).status).toBe(403);
      expect((await send("PUT", at("twin"), { description: "x" }, user.headers)).status).toBe(403);
      expect((await send("DELETE", at("twin"), {}, user.headers)).status).toBe(403);
    }
  });

  it("is listed newest first, in pages, without those that are switched off", async () => {
    for (const name of ["listed-1", "listed-2", "listed-3"]) await makeWorkflow(admin, name);
    await bodyOf(await put("listed-2", { is_active: false }), 200);
    const names = async (query: string) => {
      const seen: string[] = [];
      for (let cursor = ""; ; ) {
        const page = await bodyOf<{ workflows: Workflow[]; next_cursor: string | null }>(
          await get(`/api/v1/admin/workflows?limit=2&${query}${cursor}`, admin),
          200,
        );
        seen.push(...page.workflows.map(({ name }) => name));
        if (page.next_cursor === null) return seen.filter((name) => name.startsWith("listed-"));
        cursor = `&cursor=${page.next_cursor}`;
      }
    };
    expect(await names("")).toEqual(["listed-3", "listed-1"]);
    expect(await names("is_active=false")).toEqual(["listed-2"]);
    expect(await names("is_active=all")).toEqual(["listed-3", "listed-2", "listed-1"]);
  });
});

describe("A changed workflow definition", () => {
  it("is its next version; what was left out stays, and every version is kept", async () => {
    await makeWorkflow(admin, "versions");
    expect(await bodyOf(await put("versions", { description: "Second" }), 200)).toMatchObject({
      version: 2,
      description: "Second",
      plan: { start_step: "done" },
    });
    const plan = { start_step: "end", steps: { end: { action: "complete_workflow" } } };
    await bodyOf(await put("versions", { plan }), 200);
    const page = await bodyOf<{ versions: unknown[]; next_cursor: string }>(
      await get(at("versions", "/versions?limit=2"), admin),
      200,
    );
    expect(page.versions).toMatchObject([
      { version: 3, description: "Second", plan: { start_step: "end" } },
      { version: 2, description: "Second", plan: { start_step: "done" } },
    ]);
    const rest = await get(at("versions", `/versions?limit=2&cursor=${page.next_cursor}`), admin);
    expect(await bodyOf(rest, 200)).toMatchObject({
      versions: [{ version: 1, description: "" }],
      next_cursor: null,
    });
  });

  it("loses no change when several come at once", async () => {
    await makeWorkflow(admin, "race");
    const changes = [{ description: "New" }, { is_active: false }, { plan: echoing }];
    const answers = await Promise.all(changes.map((change) => put("race", change)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(await read("race")).toMatchObject({ description: "New", is_active: false, version: 4 });
  });

  it("made from an older version than the latest is refused", async () => {
    await makeWorkflow(admin, "stale");
    const first = await put("stale", { description: "Mine", version: 1 });
    expect(first.status).toBe(200);
    const second = await put("stale", { description: "Theirs", version: 1 });
    expect(await bodyOf(second, 409)).toMatchObject({ error: "CONFLICT", details: { latest_version: 2 } });
    expect(await read("stale")).toMatchObject({ description: "Mine", version: 2 });
    const both = await Promise.all(
      ["a", "b"].map((description) => put("stale", { description, version: 2 })),
    );
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  it("with an invalid plan, or with nothing to change, stays as it was", async () => {
    await makeWorkflow(admin, "stays");
    expect((await put("stays", { plan: { start_step: "x", steps: {} } })).status).toBe(400);
    expect((await put("stays", {})).status).toBe(400);
    expect((await put("stays", { version: 1 })).status).toBe(400);
    expect((await put("stays", { name: "moved" })).status).toBe(400);
    expect(await read("stays")).toMatchObject({ version: 1 });
    expect((await put("nobody", { description: "x" })).status).toBe(404);
  });
});

it("What an administrator does with definitions is in the audit log", async () => {
  const { id } = await makeWorkflow(admin, "audited");
  await put("audited", { description: "x" });
  await remove("audited");
  const { results } = await env.DB.prepare(
    "SELECT action, actor_id, details FROM audit_log WHERE target_id = ? ORDER BY created_at, id",
  )
    .bind(id)
    .all<{ action: string; actor_id: string; details: string }>();
  expect(results.map(({ action, actor_id }) => [action, actor_id])).toEqual([
    ["workflow.created", admin.actor.userId],
    ["workflow.updated", admin.actor.userId],
    ["workflow.deleted", admin.actor.userId],
  ]);
  expect(JSON.parse(results[1]?.details ?? "")).toEqual({
    name: "audited",
    version: 2,
    changed: ["description"],
  });
});
