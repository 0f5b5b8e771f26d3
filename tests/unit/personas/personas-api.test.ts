import { describe, expect, it } from "vitest";
import { createTemplateSchema } from "#src/personas/templates/schemas.ts";
import { api, call, send } from "../../support/api.ts";
import { createUser, type TestUser } from "../../support/users.ts";
import { copywriter, makeInstance, makeTemplate } from "./first-persona.ts";

describe("Templates", () => {
  it("are made by administrators and seen by every user", async () => {
    const template = await makeTemplate("templates_seen");
    const user = await createUser("templates_seen");
    const { data } = await api(user.token).GET("/api/v1/personas/templates");
    const choice = data?.templates.find(({ id }) => id === template.id);
    expect(choice).toMatchObject({ name: "Copywriter", input_schema: { required: ["topic"] } });
    expect(choice).not.toHaveProperty("config");
  });

  it("keep unknown keys of their config", async () => {
    const admin = await createUser("templates_keys", { role: "admin" });
    const body = {
      ...createTemplateSchema.parse(copywriter),
      config: { ...copywriter?.config, house_style: "plain" },
    };
    const answer = await send("POST", "/api/v1/templates", body, admin.headers);
    expect(await answer.json()).toMatchObject({ config: { house_style: "plain" }, version: 1 });
  });

  it("are refused to users", async () => {
    const user = await createUser("templates_user");
    expect(
      (await send("POST", "/api/v1/templates", createTemplateSchema.parse(copywriter), user.headers)).status,
    ).toBe(403);
  });

  it("with an invalid plan are refused with every problem at once", async () => {
    const admin = await createUser("templates_plan", { role: "admin" });
    const workflow = {
      start_step: "nowhere",
      steps: {
        a: { action: "dance", next_step: "b" },
        b: { action: "fan_out", next_step: "a" },
        c: {
          action: "ai_text_generate",
          topic: "system.tasks.nobody",
          input: { prompt: "{{steps.z.output}} {{" },
        },
        d: { action: "complete_workflow", next_step: "a" },
      },
    };
    const answer = await send(
      "POST",
      "/api/v1/templates",
      { name: "Broken", config: { workflow } },
      admin.headers,
    );
    expect(answer.status).toBe(400);
    const { error, details } = await answer.json<{
      error: string;
      details: { errors: { path: string }[] };
    }>();
    expect(error).toBe("WORKFLOW_INVALID");
    expect([...new Set(details.errors.map(({ path }) => path))].sort()).toEqual([
      "start_step",
      "steps",
      "steps.a.topic",
      "steps.b.sub_tasks",
      "steps.c.input",
      "steps.c.topic",
      "steps.d.next_step",
    ]);
  });
});

describe("Persona instances", () => {
  it("carry the template's config with the request's merged over it", async () => {
    const user = await createUser("instances_merge");
    const template = await makeTemplate("instances_merge");
    const { data } = await api(user.token).POST("/api/v1/personas/instances", {
      body: { template_id: template.id, instance_name: "Mine", config: { temperature: 0.1 } },
    });
    expect(data).toMatchObject({
      name: "Mine",
      template_version: 1,
      config: { temperature: 0.1, max_tokens: 1024 },
    });
    const { data: list } = await api(user.token).GET("/api/v1/personas/instances");
    expect(list).toMatchObject({ count: 1, instances: [{ id: data?.id }] });
  });

  it("are within the owner's quota however many are made at once", async () => {
    const user = await createUser("instances_quota", { tier: "free" });
    const template = await makeTemplate("instances_quota");
    const body = { template_id: template.id, name: "Mine" };
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => send("POST", "/api/v1/personas/instances", body, user.headers)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 403, 403, 403, 403, 403, 403, 403]);
    const [refused] = await Promise.all(
      answers.filter(({ status }) => status === 403).map((answer) => answer.json()),
    );
    expect(refused).toMatchObject({ error: "QUOTA_EXCEEDED", code: "SUB002" });
  });

  it("are found by their owner and the tenant's administrators only", async () => {
    const owner = await createUser("instances_mine");
    const instance = await makeInstance("instances_mine", owner);
    const look = async (user: TestUser) =>
      (await call(`/api/v1/personas/instances/${instance.id}`, { headers: user.headers })).status;
    expect(await look(owner)).toBe(200);
    expect(await look(await createUser("instances_mine", { role: "admin" }))).toBe(200);
    expect(await look(await createUser("instances_mine"))).toBe(404);
    expect(await look(await createUser("instances_theirs", { role: "admin" }))).toBe(404);
  });
});
