import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { systemClock } from "#src/kernel/clock.ts";
import { CallLeases } from "#src/rate-limits/call-leases.ts";
import { goOn, minute } from "#tests/support/counting.ts";
import { limitedGateway, statuses } from "#tests/support/limited-gateway.ts";
import { accessGate } from "#tests/support/objects.ts";
import { createUser } from "#tests/support/users.ts";

const limits = minute(60);

/** An isolate that lets an account through which a tenant's gate counts. */
function isolateOf(clientId: string, key = "account") {
  const leases = new CallLeases(systemClock);
  return async () =>
    (await leases.take({ key, limits, gate: () => accessGate(clientId) }, 1, goOn)).isAllowed;
}

const allowed = (taken: readonly boolean[]): number => taken.filter(Boolean).length;

/** Whose calls a gate has written down. */
const written = (clientId: string) =>
  runInDurableObject(env.ACCESS_GATE.getByName(clientId), (_, { storage }) =>
    storage.sql
      .exec<{ key: string }>("SELECT key FROM call_counts")
      .toArray()
      .map(({ key }) => key),
  );

describe("A gate", () => {
  it.each([1, 2, 5, 20])("lets 60 of 200 calls at once through, over %i isolates", async (count) => {
    const isolates = Array.from({ length: count }, () => isolateOf(`counting_${count}`));
    const taken = await Promise.all(
      Array.from({ length: 200 }, (_, call) => isolates[call % count]?.() ?? false),
    );
    expect(allowed(taken)).toBe(60);
  });

  it("counts each account for itself", async () => {
    const [one, other] = [isolateOf("counting_two", "one"), isolateOf("counting_two", "other")];
    expect(allowed(await Promise.all(Array.from({ length: 70 }, one)))).toBe(60);
    expect(await other()).toBe(true);
  });

  it("that sleeps and is woken goes on counting where it was", async () => {
    const clientId = "counting_asleep";
    const call = isolateOf(clientId);
    expect(allowed(await Promise.all(Array.from({ length: 40 }, call)))).toBe(40);
    await expect.poll(() => written(clientId)).toEqual(["account"]);
    await evictDurableObject(env.ACCESS_GATE.getByName(clientId));
    expect(allowed(await Promise.all(Array.from({ length: 40 }, call)))).toBe(20);
  });

  it("forgets counts whose windows are over", async () => {
    const clientId = "counting_over";
    await isolateOf(clientId)();
    await expect.poll(() => written(clientId)).toEqual(["account"]);
    await runInDurableObject(env.ACCESS_GATE.getByName(clientId), (_, { storage }) => {
      storage.sql.exec("UPDATE call_counts SET key = 'gone', until = 1");
    });
    await isolateOf(clientId, "other")();
    await expect.poll(() => written(clientId)).toEqual(["other"]);
  });

  it("begins anew with a count that it cannot read", async () => {
    const clientId = "counting_unreadable";
    await isolateOf(clientId)();
    await expect.poll(() => written(clientId)).toEqual(["account"]);
    await runInDurableObject(env.ACCESS_GATE.getByName(clientId), (_, { storage }) => {
      storage.sql.exec("UPDATE call_counts SET windows = '[{}]'");
    });
    await evictDurableObject(env.ACCESS_GATE.getByName(clientId));
    expect(await isolateOf(clientId)()).toBe(true);
  });
});

it("200 requests of a free account at once, over five gateways, are 60 that are answered, or one less that another holds in reserve", async () => {
  const { headers } = await createUser("counting_requests", { tier: "free" });
  const gateways = Array.from({ length: 5 }, () => limitedGateway());
  const asking = Array.from({ length: 200 }, (_, call) =>
    gateways[call % 5]?.("/api/v1/auth/session", { headers }),
  );
  const answers = (await Promise.all(asking)).filter((answer) => answer !== undefined);
  const { 200: answered = 0, 429: refused = 0 } = statuses(answers);
  expect(answered + refused).toBe(200);
  expect(answered).toBeGreaterThanOrEqual(0.98 * 60);
  expect(answered).toBeLessThanOrEqual(60);
});
