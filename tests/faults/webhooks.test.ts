import {
  createExecutionContext,
  createMessageBatch,
  evictDurableObject,
  runInDurableObject,
} from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { WebhookEndpoint } from "#durable-objects/webhook-endpoint/object.ts";
import type { MessageOn } from "#src/tasks/index.ts";
import events from "#workers/events/index.ts";
import { lettersTo } from "../support/accounts.ts";
import { api } from "../support/api.ts";
import { eventsOf } from "../support/events.ts";
import { tenantObject } from "../support/objects.ts";
import { recordedQueue } from "../support/recorded.ts";
import {
  deliveryThat,
  endpoint,
  happens,
  logOf,
  receiver,
  untilNextAttempt,
  webhookOf,
} from "../support/webhooks.ts";

const status = (of: number, headers?: Record<string, string>) => () =>
  new Response(null, { status: of, headers });

afterEach(() => {
  vi.useRealTimers();
});

describe("A receiver that", () => {
  it.each([
    ["answers 500", status(500), { status: 500, failure: null }],
    ["answers 404", status(404), { status: 404, failure: null }],
    [
      "redirects",
      status(302, { location: "https://elsewhere.example/" }),
      { status: 302, failure: "REDIRECTED" },
    ],
    [
      "cannot be reached",
      () => Promise.reject(new TypeError("refused")),
      { status: null, failure: "UNREACHABLE" },
    ],
    [
      "takes too long",
      () => Promise.reject(new DOMException("late", "TimeoutError")),
      { status: null, failure: "TIMEOUT" },
    ],
  ])("%s is tried again, and has the message when it works", async (what, broken, attempt) => {
    const clientId = `faulty_${what.replaceAll(/\W/g, "_")}`;
    const hooks = receiver(`${clientId.replaceAll("_", "-")}.example`, broken);
    const { id } = await webhookOf(clientId, hooks.url);
    await happens(clientId);
    const delivery = await deliveryThat(clientId, id, ({ attemptCount }) => attemptCount === 1);
    expect(delivery).toMatchObject({ status: "waiting", lastAttempt: attempt });
    expect(delivery.nextAttemptAt).toBeGreaterThan(Date.now() + 10_000);
    hooks.answer(status(204));
    await untilNextAttempt(clientId, id);
    expect((await logOf(clientId, id))[0]).toMatchObject({ status: "delivered", attemptCount: 2 });
    const ids = hooks.received.map(({ headers }) => headers["webhook-id"]);
    expect(new Set(ids)).toEqual(new Set([delivery.id]));
  });

  it("answers with more than anybody reads has taken the message; the log keeps the beginning", async () => {
    const clientId = "faulty_huge";
    const hooks = receiver("huge.example", () => new Response("x".repeat(5_000_000)));
    const { id } = await webhookOf(clientId, hooks.url);
    await happens(clientId);
    const { lastAttempt } = await deliveryThat(clientId, id, (one) => one.status === "delivered");
    expect(lastAttempt?.answer).toBe("x".repeat(1024));
  });

  it("says 200 and never ends its answer has taken the message", async () => {
    const clientId = "faulty_endless";
    const hooks = receiver(
      "endless.example",
      () => new Response(new ReadableStream({}, { highWaterMark: 0 })),
    );
    vi.spyOn(AbortSignal, "timeout").mockImplementation(() => {
      const abort = new AbortController();
      setTimeout(() => abort.abort(new DOMException("late", "TimeoutError")), 100);
      return abort.signal;
    });
    const { id } = await webhookOf(clientId, hooks.url);
    await happens(clientId);
    const { lastAttempt } = await deliveryThat(clientId, id, (one) => one.status === "delivered");
    expect(lastAttempt).toMatchObject({ status: 200, failure: null });
    vi.mocked(AbortSignal.timeout).mockRestore();
  });

  it("asks for patience with 429 is left alone for so long", async () => {
    const clientId = "faulty_patient";
    const hooks = receiver("patient.example", status(429, { "retry-after": "3600" }));
    const { id } = await webhookOf(clientId, hooks.url);
    await happens(clientId);
    const { nextAttemptAt } = await deliveryThat(clientId, id, ({ attemptCount }) => attemptCount === 1);
    expect(nextAttemptAt).toBeGreaterThan(Date.now() + 3_590_000);
  });

  it("has become one inside of a network is not called", async () => {
    const clientId = "faulty_inside";
    const hooks = receiver("inside.example");
    const { id } = await webhookOf(clientId, hooks.url);
    // As a row of before a rule was made.
    await endpoint(clientId, id).configure({
      version: 2,
      url: "https://10.0.0.1/hooks",
      isActive: true,
      ordered: false,
      rateLimit: null,
    });
    await happens(clientId);
    const delivery = await deliveryThat(clientId, id, ({ attemptCount }) => attemptCount === 1);
    expect(delivery.lastAttempt).toMatchObject({ failure: "TARGET_REFUSED", status: null });
  });
});

/** Brings what an endpoint tells the platform to the events Worker, as the queue does. */
async function bringNotice(clientId: string, id: string): Promise<void> {
  const { queue, bodies } = recordedQueue<MessageOn<"platform-events">>();
  await expect
    .poll(() => runInDurableObject(endpoint(clientId, id), (_, { storage }) => storage.kv.get("state")))
    .toHaveProperty("notice.told", 1);
  // The first one is lost.
  vi.useFakeTimers({ now: Date.now() + 30_000, toFake: ["Date"] });
  await runInDurableObject(endpoint(clientId, id), (_, state) =>
    new WebhookEndpoint(state, { ...env, PLATFORM_EVENTS: queue }).alarm(),
  );
  expect(bodies).toHaveLength(1);
  const messages = bodies.map((body) => ({ id: "1", timestamp: new Date(), attempts: 1, body }));
  await events.queue(createMessageBatch("platform-events", messages), env, createExecutionContext());
}

describe("A webhook is switched off", () => {
  it("with 410 at once: what waits is given up, administrators get a letter, an event and an entry of the audit log", async () => {
    const clientId = "faulty_gone";
    const hooks = receiver("gone.example", status(500));
    const { admin, id } = await webhookOf(clientId, hooks.url);
    await happens(clientId, "user.created", "waits");
    await deliveryThat(clientId, id, ({ attemptCount }) => attemptCount === 1);
    hooks.answer(status(410));
    await happens(clientId, "user.created", "gone");
    await bringNotice(clientId, id);
    const { GET } = api(admin.token);
    const params = { path: { webhook_id: id } };
    expect((await GET("/api/v1/webhooks/{webhook_id}", { params })).data).toMatchObject({
      is_active: false,
      disabled_reason: "gone",
      disabled_at: expect.any(String),
    });
    expect(await logOf(clientId, id)).toMatchObject([
      { entityId: "gone", status: "failed", reason: null },
      { entityId: "waits", status: "failed", reason: "gone" },
    ]);
    await expect.poll(() => lettersTo(admin.actor.email, "A webhook was switched off")).toHaveLength(1);
    await expect.poll(() => eventsOf(clientId, "webhook.disabled")).toHaveLength(1);
    const audit = env.DB.prepare(
      "SELECT action FROM audit_log WHERE target_id = ? AND actor_id IS NULL",
    ).bind(id);
    expect((await audit.all()).results).toEqual([{ action: "webhook.disabled" }]);
    const state = await runInDurableObject(endpoint(clientId, id), (_, { storage }) =>
      storage.kv.get("state"),
    );
    expect(state).toMatchObject({ isDisabled: true, notice: undefined });
    await happens(clientId, "user.created", "after");
    expect(hooks.received).toHaveLength(2);
  });

  it("after the tenth failure of a message, over three days, with nothing delivered since; and on again by its administrator", async () => {
    const clientId = "faulty_failing";
    const hooks = receiver("failing.example", status(500));
    const { admin, id } = await webhookOf(clientId, hooks.url);
    const begun = Date.now();
    await happens(clientId);
    await deliveryThat(clientId, id, ({ attemptCount }) => attemptCount === 1);
    for (let attempt = 2; attempt <= 10; attempt++) await untilNextAttempt(clientId, id);
    expect((Date.now() - begun) / 3_600_000).toBeGreaterThan(60);
    expect((await logOf(clientId, id))[0]).toMatchObject({ status: "failed", attemptCount: 10 });
    await bringNotice(clientId, id);
    vi.useRealTimers();
    const { GET, PUT } = api(admin.token);
    const params = { path: { webhook_id: id } };
    expect((await GET("/api/v1/webhooks/{webhook_id}", { params })).data).toMatchObject({
      is_active: false,
      disabled_reason: "failing",
    });
    hooks.answer(status(204));
    const { data } = await PUT("/api/v1/webhooks/{webhook_id}", { params, body: { is_active: true } });
    expect(data).toMatchObject({ is_active: true, disabled_reason: null, disabled_at: null });
    await happens(clientId, "user.created", "after");
    await deliveryThat(clientId, id, (one) => one.entityId === "after" && one.status === "delivered");
  });

  it("not by one message that is refused for ever while others are taken", async () => {
    const clientId = "faulty_poison";
    const hooks = receiver(
      "poison.example",
      ({ body }) => new Response(null, { status: body.entity_id === "bad" ? 400 : 204 }),
    );
    const { admin, id } = await webhookOf(clientId, hooks.url);
    await happens(clientId, "user.created", "bad");
    await happens(clientId, "user.created", "good");
    await deliveryThat(clientId, id, (one) => one.entityId === "good" && one.status === "delivered");
    for (let attempt = 2; attempt <= 10; attempt++) await untilNextAttempt(clientId, id);
    vi.useRealTimers();
    const [, bad] = await logOf(clientId, id);
    expect(bad).toMatchObject({ entityId: "bad", status: "failed", attemptCount: 10 });
    const { data } = await api(admin.token).GET("/api/v1/webhooks/{webhook_id}", {
      params: { path: { webhook_id: id } },
    });
    expect(data?.is_active).toBe(true);
  });
});

describe("With `ordered`", () => {
  it("a message waits for the one before it about the same thing, and for no other", async () => {
    const clientId = "faulty_ordered";
    const isBroken = { a: true };
    const hooks = receiver(
      "ordered.example",
      ({ body }) => new Response(null, { status: body.entity_id === "a" && isBroken.a ? 500 : 204 }),
    );
    const { id } = await webhookOf(clientId, hooks.url, {
      ordered: true,
      events: ["user.created", "user.deleted"],
    });
    await happens(clientId, "user.created", "a");
    await happens(clientId, "user.deleted", "a");
    await happens(clientId, "user.created", "b");
    await deliveryThat(clientId, id, (one) => one.entityId === "b" && one.status === "delivered");
    const seen = () => hooks.received.map(({ body }) => `${body.type} ${body.entity_id}`);
    expect(seen()).toEqual(["user.created a", "user.created b"]);
    isBroken.a = false;
    await untilNextAttempt(clientId, id);
    await expect.poll(seen).toEqual(["user.created a", "user.created b", "user.created a", "user.deleted a"]);
  });
});

describe("When an object ends", () => {
  it("what the log has handed over twice is posted once", async () => {
    const clientId = "faulty_twice";
    const hooks = receiver("twice.example");
    const { id } = await webhookOf(clientId, hooks.url);
    await happens(clientId);
    await deliveryThat(clientId, id, (one) => one.status === "delivered");
    const { epoch = "", events: all } = await tenantObject(clientId).readEvents({ since: 0, limit: 10 });
    await endpoint(clientId, id).take(epoch, all);
    await happens(clientId, "user.created", "next");
    await hooks.messages(2);
    expect(await logOf(clientId, id)).toHaveLength(2);
  });

  it("of the tenant's log, its new instance hands over what the one before has not", async () => {
    const clientId = "faulty_log";
    const hooks = receiver("log-ended.example");
    const { id } = await webhookOf(clientId, hooks.url);
    const tenant = env.TENANT_WORKFLOWS.getByName(clientId);
    const take = vi.spyOn(WebhookEndpoint.prototype, "take").mockRejectedValue(new Error("ended"));
    await happens(clientId);
    await vi.waitUntil(() => take.mock.calls.length > 0);
    await evictDurableObject(tenant);
    take.mockRestore();
    await tenant.wake();
    await hooks.messages(1);
    await deliveryThat(clientId, id, (one) => one.status === "delivered");
  });
});
