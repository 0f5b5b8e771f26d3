import { listDurableObjectIds, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { auditedActions } from "../../support/accounts.ts";
import { api, send } from "../../support/api.ts";
import { bodyOf, present } from "../../support/personas.ts";
import { createUser } from "../../support/users.ts";
import { endpoint, receiver, webhookOf } from "../../support/webhooks.ts";

const body = { url: "https://hooks.example/in", events: ["user.created" as const] };
const adminOf = async (clientId: string) => api((await createUser(clientId, { role: "admin" })).token);

describe("A webhook", () => {
  it("is made, read, changed and deleted by an administrator of its tenant; its secret is shown once", async () => {
    const { POST, GET, PUT, DELETE } = await adminOf("hooks_made");
    const made = await POST("/api/v1/webhooks", { body: { ...body, description: "CRM" } });
    expect(made.response.status).toBe(201);
    const { secret, ...webhook } = present(made.data);
    expect(secret).toMatch(/^whsec_/);
    expect(webhook).toMatchObject({ ...body, description: "CRM", client_id: "hooks_made", is_active: true });
    const params = { path: { webhook_id: webhook.id } };
    expect((await GET("/api/v1/webhooks/{webhook_id}", { params })).data).toEqual(webhook);
    const change = { events: ["user.deleted" as const], ordered: true, rate_limit: 5 };
    expect((await PUT("/api/v1/webhooks/{webhook_id}", { params, body: change })).data).toMatchObject(change);
    expect((await GET("/api/v1/webhooks")).data).toMatchObject({ count: 1, webhooks: [{ id: webhook.id }] });
    expect((await DELETE("/api/v1/webhooks/{webhook_id}", { params })).response.status).toBe(204);
    expect((await GET("/api/v1/webhooks/{webhook_id}", { params })).response.status).toBe(404);
    expect((await GET("/api/v1/webhooks")).data?.count).toBe(0);
    expect(await auditedActions(webhook.id)).toEqual([
      "webhook.created",
      "webhook.updated",
      "webhook.deleted",
    ]);
  });

  it("leaves nothing behind when it is deleted: no row, no delivery, no secret", async () => {
    const { admin, id } = await webhookOf("hooks_deleted", receiver("deleted.example").url);
    const { POST, DELETE } = api(admin.token);
    const params = { path: { webhook_id: id } };
    await POST("/api/v1/webhooks/{webhook_id}/test", { params, body: {} });
    await DELETE("/api/v1/webhooks/{webhook_id}", { params });
    const row = env.DB.prepare("SELECT count(*) AS count FROM webhook_endpoints WHERE id = ?").bind(id);
    expect(await row.first()).toEqual({ count: 0 });
    const left = await runInDurableObject(endpoint("hooks_deleted", id), (_, { storage }) => ({
      deliveries: storage.sql.exec("SELECT count(*) AS count FROM deliveries").one().count,
      secrets: storage.kv.get("secrets"),
    }));
    expect(left).toEqual({ deliveries: 0, secrets: undefined });
  });

  it("keeps its secret sealed: it stands neither in the database nor in its object", async () => {
    const { id, secret } = await webhookOf("hooks_sealed", "https://sealed.example/");
    const { results } = await env.DB.prepare("SELECT * FROM webhook_endpoints WHERE id = ?").bind(id).all();
    expect(results).toHaveLength(1);
    expect(JSON.stringify(results)).not.toContain(secret);
    const kept = await runInDurableObject(endpoint("hooks_sealed", id), (_, { storage }) =>
      JSON.stringify([...storage.kv.list()].map(([key, value]) => [key, readable(value)])),
    );
    expect(kept).toContain("sealed");
    for (const form of [secret, secret.slice("whsec_".length)]) expect(kept).not.toContain(form);
  });

  it.each([
    "http://hooks.example/",
    "https://127.0.0.1/",
    "https://10.0.0.1/",
    "https://169.254.169.254/latest/meta-data",
    "https://[::1]/",
    "https://[::ffff:10.0.0.1]/",
    "https://localhost/",
    "https://service.internal/",
    "https://2130706433/",
  ])("is refused for %s, when it is made and when it is changed", async (url) => {
    const { POST, PUT } = await adminOf("hooks_inside");
    const refusal = { error: "VALIDATION_ERROR", details: { fields: [{ path: "url" }] } };
    expect((await POST("/api/v1/webhooks", { body: { ...body, url } })).error).toMatchObject(refusal);
    const { data } = await POST("/api/v1/webhooks", { body });
    const params = { path: { webhook_id: data?.id ?? "" } };
    expect((await PUT("/api/v1/webhooks/{webhook_id}", { params, body: { url } })).error).toMatchObject(
      refusal,
    );
  });

  it("wants events that webhooks carry, each once", async () => {
    const { headers } = await createUser("hooks_events", { role: "admin" });
    for (const events of [[], ["user.created", "user.created"], ["execution.delta"], ["nothing"]]) {
      const answer = await send("POST", "/api/v1/webhooks", { ...body, events }, headers);
      expect(await bodyOf(answer, 400)).toMatchObject({ error: "VALIDATION_ERROR" });
    }
  });
});

describe("A tenant", () => {
  it("has at most 20 webhooks, also when many are made at once", async () => {
    const { POST, GET } = await adminOf("hooks_many");
    const made = await Promise.all(Array.from({ length: 23 }, () => POST("/api/v1/webhooks", { body })));
    const refused = made.filter(({ error }) => error);
    expect(refused).toHaveLength(3);
    expect(refused[0]?.error).toMatchObject({ error: "QUOTA_EXCEEDED", details: { limit: 20 } });
    const { data } = await GET("/api/v1/webhooks", { params: { query: { limit: 100 } } });
    expect(data?.count).toBe(20);
    // What is refused leaves nothing behind, however often it is asked for.
    const objects = async () => (await listDurableObjectIds(env.WEBHOOK_ENDPOINTS)).length;
    const before = await objects();
    expect((await POST("/api/v1/webhooks", { body })).error).toMatchObject({ error: "QUOTA_EXCEEDED" });
    expect(await objects()).toBe(before);
  });

  it("has no webhooks of another one: its administrators neither see nor change them, nor make any there", async () => {
    const { id } = await webhookOf("hooks_theirs", "https://theirs.example/");
    const { GET, PUT, POST } = await adminOf("hooks_ours");
    const params = { path: { webhook_id: id } };
    expect((await GET("/api/v1/webhooks/{webhook_id}", { params })).response.status).toBe(404);
    expect((await PUT("/api/v1/webhooks/{webhook_id}", { params, body: {} })).response.status).toBe(404);
    const other = await POST("/api/v1/webhooks", { body: { ...body, client_id: "hooks_theirs" } });
    expect(other.response.status).toBe(404);
    const query = { client_id: "hooks_theirs" };
    expect((await GET("/api/v1/webhooks", { params: { query } })).response.status).toBe(403);
  });

  it("has its webhooks administered by the operator's administrators too, who name it", async () => {
    await createUser("hooks_named");
    const { POST, GET } = await adminOf("operator");
    const { data } = await POST("/api/v1/webhooks", { body: { ...body, client_id: "hooks_named" } });
    expect(data?.client_id).toBe("hooks_named");
    const query = { client_id: "hooks_named" };
    expect((await GET("/api/v1/webhooks", { params: { query } })).data?.count).toBe(1);
    const nowhere = await POST("/api/v1/webhooks", { body: { ...body, client_id: "hooks_nowhere" } });
    expect(nowhere.response.status).toBe(404);
  });

  it("has no webhooks by the hand of somebody who is no administrator", async () => {
    const { POST, GET } = api((await createUser("hooks_user", { role: "moderator" })).token);
    expect((await POST("/api/v1/webhooks", { body })).response.status).toBe(403);
    expect((await GET("/api/v1/webhooks")).response.status).toBe(403);
  });
});

/** A value with its bytes as letters, so that whatever a text in them says can be found. */
const readable = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_, part: unknown) =>
      part instanceof Uint8Array ? Buffer.from(part).toString("latin1") : part,
    ),
  );
