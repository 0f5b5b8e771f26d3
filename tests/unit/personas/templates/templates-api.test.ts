import { describe, expect, it } from "vitest";
import { send } from "#tests/support/api.ts";
import { bodyOf, copywriter, get, makeTemplate, startRun, type Template } from "#tests/support/personas.ts";
import { createUser, type TestUser } from "#tests/support/users.ts";

const admin = (clientId: string) => createUser(clientId, { role: "admin" });
const at = (id: string, rest = "") => `/api/v1/templates/${id}${rest}`;
const put = (user: TestUser, id: string, body: unknown) => send("PUT", at(id), body, user.headers);
const post = (user: TestUser, path: string, body: unknown = {}) => send("POST", path, body, user.headers);
const remove = (user: TestUser, id: string) => send("DELETE", at(id), {}, user.headers);

const broken = {
  ...copywriter.config,
  workflow: { start_step: "nowhere", steps: { a: { action: "dance" } } },
};

describe("A changed template", () => {
  it("is its next version; what was left out stays, and every version is kept", async () => {
    const user = await admin("templates_versions");
    const { id } = await makeTemplate("templates_versions");
    const changed = await bodyOf<Template>(await put(user, id, { name: "Shorter" }), 200);
    expect(changed).toMatchObject({ name: "Shorter", version: 2, config: { max_tokens: 1024 } });
    const config = { ...copywriter.config, max_tokens: 100 };
    await bodyOf(await put(user, id, { config }), 200);
    const { versions } = await bodyOf<{ versions: unknown[] }>(await get(at(id, "/versions"), user), 200);
    expect(versions).toMatchObject([
      { version: 3, name: "Shorter", config: { max_tokens: 100 } },
      { version: 2, name: "Shorter", config: { max_tokens: 1024 } },
      { version: 1, name: "Copywriter", config: { max_tokens: 1024 } },
    ]);
  });

  it("has its versions in pages", async () => {
    const user = await admin("templates_pages");
    const { id } = await makeTemplate("templates_pages");
    for (const name of ["Two", "Three", "Four", "Five"]) await put(user, id, { name });
    const seen: number[] = [];
    for (let cursor = ""; ; ) {
      const page = await bodyOf<{ versions: { version: number }[]; next_cursor: string | null }>(
        await get(at(id, `/versions?limit=2${cursor}`), user),
        200,
      );
      seen.push(...page.versions.map(({ version }) => version));
      if (page.next_cursor === null) break;
      cursor = `&cursor=${page.next_cursor}`;
    }
    expect(seen).toEqual([5, 4, 3, 2, 1]);
  });

  it("is one of the choices of every user, which come in pages", async () => {
    const user = await createUser("templates_choices");
    const made = [await makeTemplate("templates_choices"), await makeTemplate("templates_choices")];
    const seen: string[] = [];
    for (let cursor = ""; ; ) {
      const page = await bodyOf<{ templates: Template[]; next_cursor: string | null }>(
        await get(`/api/v1/personas/templates?limit=1${cursor}`, user),
        200,
      );
      expect(page.templates).toHaveLength(1);
      seen.push(...page.templates.map(({ id }) => id));
      if (page.next_cursor === null) break;
      cursor = `&cursor=${page.next_cursor}`;
    }
    expect(seen.filter((id) => made.some((template) => template.id === id))).toHaveLength(2);
    expect(new Set(seen).size).toBe(seen.length);
  });

  it("loses no change when several come at once", async () => {
    const user = await admin("templates_race");
    const { id } = await makeTemplate("templates_race");
    const changes = [{ name: "New" }, { description: "New" }, { category: "new" }];
    const answers = await Promise.all(changes.map((change) => put(user, id, change)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(await bodyOf<Template>(await get(at(id), user), 200)).toMatchObject({
      name: "New",
      description: "New",
      category: "new",
      version: 4,
    });
  });

  it("made from an older version than the latest is refused, and stays as it was", async () => {
    const user = await admin("templates_stale");
    const { id } = await makeTemplate("templates_stale");
    await bodyOf(await put(user, id, { name: "Mine", version: 1 }), 200);
    const second = await put(user, id, { name: "Theirs", version: 1 });
    expect(await bodyOf(second, 409)).toMatchObject({ error: "CONFLICT", details: { latest_version: 2 } });
    expect(await bodyOf(await get(at(id), user), 200)).toMatchObject({ name: "Mine", version: 2 });
    const both = await Promise.all(["a", "b"].map((name) => put(user, id, { name, version: 2 })));
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  it("with an invalid plan or schema is refused and stays as it was", async () => {
    const user = await admin("templates_refused");
    const { id } = await makeTemplate("templates_refused");
    const invalid = await put(user, id, { config: broken });
    expect(invalid.status).toBe(400);
    expect(await invalid.json()).toMatchObject({ error: "WORKFLOW_INVALID" });
    const schema = { ...copywriter.config, input_schema: { properties: { topic: { pattern: "(?=a)b" } } } };
    const unsafe = await put(user, id, { config: schema });
    expect(await unsafe.json()).toMatchObject({
      error: "VALIDATION_ERROR",
      details: { fields: [{ path: "config.input_schema.properties.topic.pattern" }] },
    });
    expect(await bodyOf<Template>(await get(at(id), user), 200)).toMatchObject({ version: 1 });
  });

  it("leaves the instances that were made before as they are", async () => {
    const user = await admin("templates_instances");
    const { id } = await makeTemplate("templates_instances");
    const body = { template_id: id, name: "Mine" };
    const instance = await bodyOf<{ id: string }>(await post(user, "/api/v1/personas/instances", body), 201);
    await put(user, id, { config: { ...copywriter.config, max_tokens: 5 } });
    expect(await bodyOf(await get(`/api/v1/personas/instances/${instance.id}`, user), 200)).toMatchObject({
      template_version: 1,
      config: { max_tokens: 1024 },
    });
  });
});

describe("A deleted template", () => {
  it("is gone from every list, while its instances keep working", async () => {
    const user = await admin("templates_deleted");
    const { id } = await makeTemplate("templates_deleted");
    const body = { template_id: id, name: "Mine" };
    const instance = await bodyOf<{ id: string }>(await post(user, "/api/v1/personas/instances", body), 201);
    expect((await remove(user, id)).status).toBe(204);
    expect((await get(at(id), user)).status).toBe(404);
    expect((await get(at(id, "/versions"), user)).status).toBe(404);
    expect((await remove(user, id)).status).toBe(404);
    expect((await put(user, id, { name: "x" })).status).toBe(404);
    const listed = await bodyOf<{ templates: Template[] }>(
      await get("/api/v1/templates?is_active=all&limit=100", user),
      200,
    );
    expect(listed.templates.map((template) => template.id)).not.toContain(id);
    expect((await post(user, "/api/v1/personas/instances", body)).status).toBe(404);
    expect((await get(`/api/v1/personas/instances/${instance.id}`, user)).status).toBe(200);
  });

  it("differs from one that is switched off, which administrators still see", async () => {
    const user = await admin("templates_off");
    const { id } = await makeTemplate("templates_off");
    await bodyOf(await put(user, id, { is_active: false }), 200);
    expect(await bodyOf(await get(at(id), user), 200)).toMatchObject({ is_active: false });
    expect((await post(user, "/api/v1/personas/instances", { template_id: id, name: "x" })).status).toBe(404);
    await bodyOf(await put(user, id, { is_active: true }), 200);
    expect((await post(user, "/api/v1/personas/instances", { template_id: id, name: "x" })).status).toBe(201);
  });
});

describe("A template", () => {
  it("is cloned under a new name as version 1", async () => {
    const user = await admin("templates_clone");
    const { id } = await makeTemplate("templates_clone");
    await put(user, id, { description: "Latest" });
    const clone = await bodyOf<Template>(await post(user, at(id, "/clone"), { name: "Twin" }), 201);
    expect(clone).toMatchObject({
      name: "Twin",
      version: 1,
      description: "Latest",
      config: { max_tokens: 1024 },
    });
    expect(clone.id).not.toBe(id);
    const unnamed = await bodyOf<Template>(await post(user, at(id, "/clone")), 201);
    expect(unnamed.name).toBe("Copywriter (copy)");
  });

  it("without a plan, as the older documents have it, writes one text; what nothing reads is told", async () => {
    const user = await admin("templates_older");
    const config = { model: "claude-haiku-4-5", temperature: 0.7 };
    const made = await bodyOf<Template>(
      await post(user, "/api/v1/templates", { name: "Older", config }),
      201,
    );
    expect(made).toMatchObject({
      config: {
        ...config,
        workflow: { start_step: "write", steps: { write: { action: "ai_text_generate" } } },
      },
      warnings: [],
    });
    const { id } = await bodyOf<Template>(
      await post(user, "/api/v1/personas/instances", { template_id: made.id, name: "Mine" }),
      201,
    );
    const run = await startRun(user, id);
    expect(await bodyOf(await get(`/api/v1/personas/runs/${run}`, user), 200)).toMatchObject({
      status: "running",
      steps: [{ name: "write", action: "ai_text_generate", status: "running" }],
    });
    const warnings = [{ step: null, path: "core_logic", message: expect.stringContaining("Nothing reads") }];
    const odd = { ...config, core_logic: { model: "x" } };
    expect(await bodyOf(await put(user, made.id, { config: odd }), 200)).toMatchObject({ warnings });
    expect(
      await bodyOf(await post(user, "/api/v1/templates", { name: "Odd", config: odd }), 201),
    ).toMatchObject({
      warnings,
    });
    expect(await bodyOf(await post(user, at(made.id, "/validate")), 200)).toMatchObject({
      valid: true,
      warnings,
    });
  });

  it("is measured and checked on request", async () => {
    const user = await admin("templates_validate");
    const { id } = await makeTemplate("templates_validate");
    expect(await bodyOf(await post(user, at(id, "/validate")), 200)).toEqual({
      valid: true,
      errors: [],
      warnings: [],
      metrics: {
        total_steps: 2,
        fan_out_steps: 0,
        external_calls: 1,
        max_depth: 2,
        estimated_fuel: 10,
        fuel: { most: 10, unbounded: [] },
      },
    });
  });

  it("is found invalid once an agent it needs is gone", async () => {
    const user = await admin("templates_agentless");
    const agent = { type: "poet_of_templates", display_name: "Poet", category: "data-driven" };
    await bodyOf(await post(user, "/api/v1/admin/agent-definitions", agent), 201);
    const workflow = {
      start_step: "a",
      steps: { a: { action: "ai_text_generate", topic: "system.tasks.poet_of_templates" } },
    };
    const { id } = await makeTemplate("templates_agentless", {
      ...copywriter,
      config: { ...copywriter.config, workflow },
    });
    await send("DELETE", "/api/v1/admin/agent-definitions/poet_of_templates", {}, user.headers);
    expect(await bodyOf(await post(user, at(id, "/validate")), 200)).toMatchObject({
      valid: false,
      errors: [{ step: "a", path: "steps.a.topic" }],
    });
  });

  it("is refused to users in every way", async () => {
    const user = await createUser("templates_forbidden");
    const { id } = await makeTemplate("templates_forbidden");
    const answers = await Promise.all([
      get("/api/v1/templates", user),
      get(at(id), user),
      get(at(id, "/versions"), user),
      put(user, id, { name: "x" }),
      remove(user, id),
      post(user, at(id, "/clone")),
      post(user, at(id, "/validate")),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403, 403, 403]);
  });

  it("with a config nested too deep is refused, not crashed over", async () => {
    const user = await admin("templates_deep");
    const deep = JSON.parse(`${'{"a":'.repeat(5000)}1${"}".repeat(5000)}`);
    const answer = await post(user, "/api/v1/templates", {
      ...copywriter,
      config: { ...copywriter.config, deep },
    });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ details: { fields: [{ path: "config" }] } });
  });
});
