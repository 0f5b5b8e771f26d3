import { runInDurableObject } from "cloudflare:test";
import { Webhook } from "standardwebhooks";
import { afterEach, describe, expect, it, vi } from "vitest";
import { api } from "../../support/api.ts";
import {
  deliveryThat,
  endpoint,
  happens,
  logOf,
  receiver,
  ringOnce,
  webhookOf,
} from "../../support/webhooks.ts";

afterEach(() => {
  vi.useRealTimers();
});

describe("What happens in a tenant", () => {
  it("is posted to its webhooks, signed, once, and stands in the log with what was answered", async () => {
    const clientId = "hooks_posted";
    const hooks = receiver("posted.example", () => new Response("Thanks", { status: 202 }));
    const { id, secret } = await webhookOf(clientId, hooks.url);
    await happens(clientId, "user.created", "u-1", { user_id: "u-1", email: "ada@example.com" });
    const [message] = await hooks.messages(1);
    expect(new Webhook(secret).verify(message?.text ?? "", message?.headers ?? {})).toEqual({
      type: "user.created",
      timestamp: expect.any(String),
      client_id: clientId,
      entity_id: "u-1",
      data: { user_id: "u-1", email: "ada@example.com" },
    });
    expect(message?.headers["content-type"]).toBe("application/json");
    const delivery = await deliveryThat(clientId, id, ({ status }) => status === "delivered");
    expect(delivery).toMatchObject({
      id: message?.headers["webhook-id"],
      event: "user.created",
      attemptCount: 1,
      lastAttempt: { status: 202, answer: "Thanks", failure: null, url: hooks.url },
    });
    expect(hooks.received).toHaveLength(1);
  });

  it("is posted to those alone that want it, of its own tenant", async () => {
    const [own, others, elsewhere] = [
      receiver("wanted.example"),
      receiver("unwanted.example"),
      receiver("elsewhere.example"),
    ];
    await webhookOf("hooks_wanted", own.url, { events: ["user.deleted"] });
    await webhookOf("hooks_wanted", others.url, { events: ["user.created"] });
    await webhookOf("hooks_elsewhere", elsewhere.url, { events: ["user.deleted"] });
    await happens("hooks_wanted", "user.deleted");
    await own.messages(1);
    // What comes after it has arrived, and nothing before.
    await happens("hooks_wanted", "user.created");
    expect((await others.messages(1)).map(({ body }) => body.type)).toEqual(["user.created"]);
    await happens("hooks_elsewhere", "user.deleted", "another");
    expect((await elsewhere.messages(1)).map(({ body }) => body.entity_id)).toEqual(["another"]);
    expect(own.received).toHaveLength(1);
  });

  it("before there was a webhook, or while it is switched off, is not posted", async () => {
    const clientId = "hooks_off";
    await happens(clientId, "user.created", "before");
    const hooks = receiver("off.example");
    const { admin, id } = await webhookOf(clientId, hooks.url);
    const { PUT } = api(admin.token);
    const params = { path: { webhook_id: id } };
    await PUT("/api/v1/webhooks/{webhook_id}", { params, body: { is_active: false } });
    await happens(clientId, "user.created", "meanwhile");
    await PUT("/api/v1/webhooks/{webhook_id}", { params, body: { is_active: true } });
    await happens(clientId, "user.created", "after");
    expect((await hooks.messages(1)).map(({ body }) => body.entity_id)).toEqual(["after"]);
    expect(await logOf(clientId, id)).toHaveLength(1);
  });
});

describe("An administrator", () => {
  it("tries a webhook with a sample and sees at once what was answered, also while it is switched off", async () => {
    const hooks = receiver("tried.example", () => new Response("No", { status: 500 }));
    const { admin, id } = await webhookOf("hooks_tried", hooks.url, { events: ["execution.completed"] });
    const { POST, PUT } = api(admin.token);
    const params = { path: { webhook_id: id } };
    await PUT("/api/v1/webhooks/{webhook_id}", { params, body: { is_active: false } });
    const { data } = await POST("/api/v1/webhooks/{webhook_id}/test", { params, body: {} });
    expect(data).toMatchObject({
      event: "execution.completed",
      status: "failed",
      is_test: true,
      attempts: [{ status: 500, answer: "No" }],
    });
    expect(hooks.received[0]?.body.data).toMatchObject({ status: "completed" });
    expect(hooks.received).toHaveLength(1);
  });

  it("tries a webhook however often: of what is over the last thousand are kept, for seven days", async () => {
    const clientId = "hooks_only_tried";
    const hooks = receiver("only-tried.example");
    const { admin, id } = await webhookOf(clientId, hooks.url);
    const params = { path: { webhook_id: id } };
    const attempt = () => api(admin.token).POST("/api/v1/webhooks/{webhook_id}/test", { params, body: {} });
    await attempt();
    const rings = await runInDurableObject(endpoint(clientId, id), (_, { storage }) => storage.getAlarm());
    expect(rings).toBeGreaterThan(Date.now() + 6.9 * 86_400_000);
    vi.useFakeTimers({ now: Date.now() + 8 * 86_400_000, toFake: ["Date"] });
    await runInDurableObject(endpoint(clientId, id), (instance) => instance.alarm());
    expect(await logOf(clientId, id)).toEqual([]);
  });

  it("has what was posted posted again, under the same id", async () => {
    const clientId = "hooks_again";
    const hooks = receiver("again.example");
    const { admin, id } = await webhookOf(clientId, hooks.url);
    await happens(clientId);
    const { id: delivery_id } = await deliveryThat(clientId, id, ({ status }) => status === "delivered");
    const params = { path: { webhook_id: id, delivery_id } };
    const { POST, GET } = api(admin.token);
    const again = "/api/v1/webhooks/{webhook_id}/deliveries/{delivery_id}/redeliver" as const;
    expect((await POST(again, { params })).data?.status).toBe("waiting");
    const [first, second] = await hooks.messages(2);
    expect(second?.headers["webhook-id"]).toBe(first?.headers["webhook-id"]);
    await deliveryThat(clientId, id, ({ attemptCount }) => attemptCount === 2);
    const { data } = await GET("/api/v1/webhooks/{webhook_id}/deliveries/{delivery_id}", { params });
    expect(data).toMatchObject({ status: "delivered", request: { body: second?.text }, attempts: [{}, {}] });
  });

  it("reads the log page by page, and by what has become of deliveries", async () => {
    const clientId = "hooks_log";
    const hooks = receiver("log.example");
    const { admin, id } = await webhookOf(clientId, hooks.url);
    for (const entity of ["a", "b", "c"]) await happens(clientId, "user.created", entity);
    await hooks.messages(3);
    await deliveryThat(clientId, id, ({ status, entityId }) => status === "delivered" && entityId === "c");
    const { GET } = api(admin.token);
    const page = async (query: { limit?: number; cursor?: string; status?: "delivered" | "failed" }) => {
      const { data } = await GET("/api/v1/webhooks/{webhook_id}/deliveries", {
        params: { path: { webhook_id: id }, query },
      });
      return { entities: data?.deliveries.map(({ entity_id }) => entity_id), next: data?.next_cursor };
    };
    const first = await page({ limit: 2 });
    expect(first.entities).toEqual(["c", "b"]);
    expect(await page({ limit: 2, cursor: first.next ?? "" })).toEqual({ entities: ["a"], next: null });
    expect((await page({ status: "failed" })).entities).toEqual([]);
  });

  it("gives a webhook another secret; messages are signed with the one before as well, for a day", async () => {
    const clientId = "hooks_rotated";
    const hooks = receiver("rotated.example");
    const { admin, id, secret: before } = await webhookOf(clientId, hooks.url);
    const { data } = await api(admin.token).POST("/api/v1/webhooks/{webhook_id}/rotate-secret", {
      params: { path: { webhook_id: id } },
    });
    const latest = data?.secret ?? "";
    await happens(clientId);
    const [during] = await hooks.messages(1);
    for (const secret of [before, latest])
      expect(new Webhook(secret).verify(during?.text ?? "", during?.headers ?? {})).toBeTruthy();
    vi.useFakeTimers({ now: Date.parse(data?.previous_valid_until ?? "") + 1, toFake: ["Date"] });
    await happens(clientId);
    await ringOnce(clientId, id);
    const [, after] = await hooks.messages(2);
    expect(new Webhook(latest).verify(after?.text ?? "", after?.headers ?? {})).toBeTruthy();
    expect(() => new Webhook(before).verify(after?.text ?? "", after?.headers ?? {})).toThrow();
  });
});
