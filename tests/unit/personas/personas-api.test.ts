import { env } from "cloudflare:workers";
import { v7 as uuidv7 } from "uuid";
import { describe, expect, it } from "vitest";
import { demoTemplates } from "#scripts/demo-data.ts";
import type { EventFeed } from "#src/events/event-log.ts";
import { createTemplateSchema } from "#src/personas/templates/schemas.ts";
import { api, call, send } from "../../support/api.ts";
import { tenantObject } from "../../support/objects.ts";
import { usage } from "../../support/plans.ts";
import { completeTask } from "../../support/task-reports.ts";
import { createUser, type TestUser } from "../../support/users.ts";

const [copywriter] = demoTemplates;
const present = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error("nothing came back");
  return value;
};

const makeTemplate = async (clientId: string) => {
  const admin = await createUser(clientId, { role: "admin" });
  const { data } = await api(admin.token).POST("/api/v1/templates", {
    body: createTemplateSchema.parse(copywriter),
  });
  return present(data);
};

const makeInstance = async (clientId: string, owner: TestUser) => {
  const template = await makeTemplate(clientId);
  const { data } = await api(owner.token).POST("/api/v1/personas/instances", {
    body: { template_id: template.id, name: "Mine" },
  });
  return present(data);
};

const execute = (user: TestUser, instanceId: string, body: unknown, headers: Record<string, string> = {}) =>
  send("POST", `/api/v1/personas/instances/${instanceId}/execute`, body, { ...user.headers, ...headers });

const input = { input: { topic: "tea" } };

/** The id of the first run that starts in the tenant. */
async function startedRun(tenant: EventFeed): Promise<string> {
  for (let since = 0; ; ) {
    const { events } = await tenant.waitForEvents({ since, limit: 10 }, 10_000);
    const started = events.find(({ event }) => event === "execution.started");
    if (started) return started.entity_id;
    since = events.at(-1)?.seq ?? since;
  }
}

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

describe("Executions", () => {
  it("are accepted with a place to look", async () => {
    const user = await createUser("execute_accept");
    const instance = await makeInstance("execute_accept", user);
    const answer = await execute(user, instance.id, input);
    expect(answer.status).toBe(202);
    const body = await answer.json<{ correlation_id: string; events_url: string }>();
    expect(answer.headers.get("location")).toBe(`/api/v1/personas/runs/${body.correlation_id}`);
    expect(body.events_url).toBe(`/api/v1/personas/runs/${body.correlation_id}/events`);
  });

  it("name the field of an input that does not fit the template's schema", async () => {
    const user = await createUser("execute_input");
    const instance = await makeInstance("execute_input", user);
    const missing = await execute(user, instance.id, { input: {} });
    expect(missing.status).toBe(400);
    expect(await missing.json()).toMatchObject({
      error: "VALIDATION_ERROR",
      details: { fields: [{ path: "input.topic", message: "Required" }] },
    });
    const wrong = await execute(user, instance.id, { input: { topic: 7 } });
    expect(await wrong.json()).toMatchObject({ details: { fields: [{ path: "input.topic" }] } });
  });

  it("with the same key and body are one run; another body is a conflict", async () => {
    const user = await createUser("execute_key");
    const instance = await makeInstance("execute_key", user);
    const key = { "idempotency-key": "once" };
    const first = await execute(user, instance.id, input, key);
    const again = await execute(user, instance.id, { input: { topic: "tea" } }, key);
    expect(again.headers.get("idempotent-replayed")).toBe("true");
    expect(await again.json()).toMatchObject({
      correlation_id: (await first.json<{ correlation_id: string }>()).correlation_id,
    });
    expect((await execute(user, instance.id, { input: { topic: "coffee" } }, key)).status).toBe(409);
  });

  it("answer 200 with the result when they end within ?wait", async () => {
    const user = await createUser("execute_wait");
    const instance = await makeInstance("execute_wait", user);
    const tenant = tenantObject("execute_wait");
    const answer = send(
      "POST",
      `/api/v1/personas/instances/${instance.id}/execute?wait=20`,
      input,
      user.headers,
    );
    const id = await startedRun(tenant);
    await completeTask(tenant, `${id}.write.main`, 1, { output: { text: "Tea" }, usage });
    expect((await answer).status).toBe(200);
    expect(await (await answer).json()).toMatchObject({ status: "completed", result: { text: "Tea" } });
  });

  it("stream their events and end with the last, resumable after any of them", async () => {
    const user = await createUser("execute_events");
    const instance = await makeInstance("execute_events", user);
    const { correlation_id: id } = await (await execute(user, instance.id, input)).json<{
      correlation_id: string;
    }>();
    const tenant = tenantObject("execute_events");
    const stream = call(`/api/v1/personas/runs/${id}/events`, { headers: user.headers }).then((answer) =>
      answer.text(),
    );
    await completeTask(tenant, `${id}.write.main`, 1, { output: { text: "Tea" }, usage });
    const names = (text: string) => [...text.matchAll(/^event: (.+)$/gm)].map(([, name]) => name);
    const text = await stream;
    expect(names(text)[0]).toBe("execution.started");
    expect(names(text).at(-1)).toBe("execution.completed");
    const ids = [...text.matchAll(/^id: (\d+)$/gm)].map(([, seq]) => seq);
    const resumed = await call(`/api/v1/personas/runs/${id}/events`, {
      headers: { ...user.headers, "last-event-id": String(ids.at(-2)) },
    });
    expect(names(await resumed.text())).toEqual(["execution.completed"]);
  });

  it("of others are not found: status, events and resume", async () => {
    const user = await createUser("runs_theirs");
    const instance = await makeInstance("runs_theirs", user);
    const { correlation_id: id } = await (await execute(user, instance.id, input)).json<{
      correlation_id: string;
    }>();
    for (const stranger of [
      await createUser("runs_theirs"),
      await createUser("runs_elsewhere", { role: "admin" }),
    ]) {
      const look = (path: string) =>
        call(`/api/v1/personas/runs/${id}${path}`, { headers: stranger.headers });
      expect((await look("")).status).toBe(404);
      expect((await look("/events")).status).toBe(404);
      expect(
        (await send("POST", `/api/v1/personas/runs/${id}/resume`, { approved: true }, stranger.headers))
          .status,
      ).toBe(404);
    }
  });

  it("of instances that are not one's own are refused", async () => {
    const owner = await createUser("execute_theirs");
    const instance = await makeInstance("execute_theirs", owner);
    expect((await execute(await createUser("execute_theirs"), instance.id, input)).status).toBe(404);
    expect((await execute(owner, uuidv7(), input)).status).toBe(404);
  });
});

describe("Bad requests get the one error shape", () => {
  const cases: [string, number, string, (user: TestUser) => Promise<Response>][] = [
    [
      "invalid JSON",
      400,
      "VALIDATION_ERROR",
      ({ headers }) =>
        call("/api/v1/personas/instances", {
          method: "POST",
          headers: { ...headers, "content-type": "application/json" },
          body: "{",
        }),
    ],
    [
      "unknown fields",
      400,
      "VALIDATION_ERROR",
      ({ headers }) =>
        send(
          "POST",
          "/api/v1/personas/instances",
          { template_id: uuidv7(), name: "x", owner_user_id: "me" },
          headers,
        ),
    ],
    [
      "an id that is none",
      404,
      "NOT_FOUND",
      ({ headers }) => call("/api/v1/personas/instances/1", { headers }),
    ],
    [
      "an unknown id",
      404,
      "NOT_FOUND",
      ({ headers }) => call(`/api/v1/personas/instances/${uuidv7()}`, { headers }),
    ],
    [
      "an unknown run",
      404,
      "NOT_FOUND",
      ({ headers }) => call(`/api/v1/personas/runs/${uuidv7()}`, { headers }),
    ],
    [
      "an unknown template",
      404,
      "NOT_FOUND",
      ({ headers }) =>
        send("POST", "/api/v1/personas/instances", { template_id: uuidv7(), name: "x" }, headers),
    ],
    ["an unknown path", 404, "NOT_FOUND", ({ headers }) => call("/api/v1/nowhere", { headers })],
    [
      "another method",
      405,
      "METHOD_NOT_ALLOWED",
      ({ headers }) => call("/api/v1/auth/login", { method: "DELETE", headers }),
    ],
    [
      "another content type",
      415,
      "UNSUPPORTED_MEDIA_TYPE",
      ({ headers }) =>
        call("/api/v1/auth/login", {
          method: "POST",
          headers: { ...headers, "content-type": "text/plain" },
          body: "hi",
        }),
    ],
    [
      "a body over 1 MB",
      413,
      "PAYLOAD_TOO_LARGE",
      ({ headers }) => send("POST", "/api/v1/auth/login", { email: "x".repeat(1_100_000) }, headers),
    ],
  ];
  it.each(cases)("%s: %i", async (_, status, error, request) => {
    const answer = await request(await createUser("bad_requests"));
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({
      error,
      message: expect.any(String),
      request_id: answer.headers.get("x-request-id"),
    });
  });

  it("a wrong method names the right ones", async () => {
    const answer = await call("/api/v1/auth/login", { method: "DELETE" });
    expect(answer.headers.get("allow")).toBe("POST");
  });
});

describe("Images", () => {
  const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 1, 2, 3, 4);
  const store = async (user: TestUser) => {
    const key = `images/${user.actor.clientId}/${uuidv7()}/picture.png`;
    await env.BLOBS.put(key, png, { customMetadata: { user_id: user.actor.userId } });
    return `/api/v1/${key}`;
  };

  it("are served to their owner with type, ETag and immutable caching", async () => {
    const user = await createUser("images_mine");
    const answer = await call(await store(user), { headers: user.headers });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("image/png");
    expect(answer.headers.get("cache-control")).toContain("immutable");
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(png);
  });

  it("answer 304 to who has them, and parts to who asks for parts", async () => {
    const user = await createUser("images_parts");
    const path = await store(user);
    const etag = (await call(path, { headers: user.headers })).headers.get("etag") ?? "";
    expect((await call(path, { headers: { ...user.headers, "if-none-match": etag } })).status).toBe(304);
    const part = await call(path, { headers: { ...user.headers, range: "bytes=1-3" } });
    expect(part.status).toBe(206);
    expect(part.headers.get("content-range")).toBe("bytes 1-3/8");
    expect(await part.text()).toBe("PNG");
  });

  it("are not found by others, in this tenant or another", async () => {
    const path = await store(await createUser("images_theirs"));
    for (const stranger of [
      await createUser("images_theirs"),
      await createUser("images_far", { role: "admin" }),
    ]) {
      expect((await call(path, { headers: stranger.headers })).status).toBe(404);
    }
  });

  it.each(["..%2f..%2fsecret.png", "a%00.png", "picture.svg", ".png"])("do not open %s", async (file) => {
    const user = await createUser("images_paths");
    const answer = await call(`/api/v1/images/images_paths/${uuidv7()}/${file}`, { headers: user.headers });
    expect([400, 404]).toContain(answer.status);
  });
});
