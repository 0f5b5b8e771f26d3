import { runInDurableObject } from "cloudflare:test";
import { afterEach, describe, expect, it, vi } from "vitest";
import { maxWaiting } from "#durable-objects/webhook-endpoint/deliveries.ts";
import { api } from "../support/api.ts";
import { deliveryThat, endpoint, happens, logOf, receiver, webhookOf } from "../support/webhooks.ts";

const status = (of: number) => () => new Response(null, { status: of });

afterEach(() => {
  vi.useRealTimers();
});

describe("What waits is bounded", () => {
  it("what comes beyond that is in the log as failed, and can be asked for", async () => {
    const clientId = "faulty_backlog";
    const hooks = receiver("backlog.example", status(500));
    const { admin, id } = await webhookOf(clientId, hooks.url);
    await happens(clientId, "user.created", "first");
    await deliveryThat(clientId, id, ({ attemptCount }) => attemptCount === 1);
    await runInDurableObject(endpoint(clientId, id), async (_, { storage }) => {
      storage.sql.exec(
        `INSERT INTO deliveries (id, event, entity_id, body, is_test, status, failures, attempts, next_at, since, created_at)
         WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ?)
         SELECT 'made_' || n, event, entity_id, body, 0, 'waiting', 0, 0, next_at + 3600000, since, created_at
         FROM n, deliveries`,
        maxWaiting,
      );
    });
    await happens(clientId, "user.created", "beyond");
    const beyond = await deliveryThat(clientId, id, ({ entityId }) => entityId === "beyond");
    expect(beyond).toMatchObject({ status: "failed", reason: "backlog_full", attemptCount: 0 });
    hooks.answer(status(204));
    const params = { path: { webhook_id: id, delivery_id: beyond.id } };
    await api(admin.token).POST("/api/v1/webhooks/{webhook_id}/deliveries/{delivery_id}/redeliver", {
      params,
    });
    await deliveryThat(clientId, id, (one) => one.entityId === "beyond" && one.status === "delivered");
  });

  it("what is over is forgotten after a week", async () => {
    const clientId = "faulty_forgotten";
    const hooks = receiver("forgotten.example");
    const { id } = await webhookOf(clientId, hooks.url);
    await happens(clientId);
    await deliveryThat(clientId, id, (one) => one.status === "delivered");
    vi.useFakeTimers({ now: Date.now() + 7 * 86_400_000 + 3_600_000, toFake: ["Date"] });
    await runInDurableObject(endpoint(clientId, id), (instance) => instance.alarm());
    expect(await logOf(clientId, id)).toEqual([]);
    const attempts = await runInDurableObject(endpoint(clientId, id), (_, { storage }) =>
      storage.sql.exec("SELECT 1 FROM attempts").toArray(),
    );
    expect(attempts).toEqual([]);
  });
});
