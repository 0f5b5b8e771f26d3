import { env } from "cloudflare:workers";
import { eq } from "drizzle-orm";
import { describe, expect, it, vi } from "vitest";
import { database } from "#src/db/client.ts";
import { triggers, users } from "#src/db/schema/index.ts";
import type { TriggerCall } from "#src/objects/trigger-calls.ts";
import { fireTrigger, sweepTriggers } from "#src/triggers/index.ts";
import { ToolCalls } from "#workers/gateway/tool-calls.ts";
import { call, send } from "../../support/api.ts";
import { eventsOf } from "../../support/events.ts";
import { tenantObject } from "../../support/objects.ts";
import { bodyOf, eventOf, get, type Instance, makeInstance } from "../../support/personas.ts";
import { testPlatform } from "../../support/platform-in-process.ts";
import { makeCustomer, makeOrder, shopOf } from "../../support/shop.ts";
import { createUser, type TestUser } from "../../support/users.ts";

const db = database(env.DB);

interface Trigger {
  id: string;
  enabled: boolean;
  failures: number;
  last_error: string | null;
}

const pathOf = ({ id }: Instance, trigger?: Trigger) =>
  `/api/v1/personas/instances/${id}/triggers${trigger ? `/${trigger.id}` : ""}`;

const makeTrigger = async (owner: TestUser, persona: Instance, body: object): Promise<Trigger> =>
  bodyOf(await send("POST", pathOf(persona), body, owner.headers), 201);

const again = async (owner: TestUser, persona: Instance, trigger: Trigger): Promise<Trigger> =>
  bodyOf(await get(pathOf(persona, trigger), owner), 200);

const topic = { topic: "Order {{input.data.number}}" };

let tenants = 0;

/** A shop whose keeper has a persona. */
async function shopWithPersona() {
  const shop = await shopOf(`triggers_${tenants++}`);
  const persona = await makeInstance(shop.keeper);
  return { ...shop, persona, clientId: shop.keeper.actor.clientId };
}

const firedOf = (clientId: string, { id }: Trigger) =>
  eventOf(clientId, "trigger.fired", ({ entity_id }) => entity_id === id);

const runOf = async (clientId: string, data: Record<string, unknown>) => {
  const found = await tenantObject(clientId).getRun(String(data.correlation_id), "tenant");
  if (!found.ok) throw new Error(found.code);
  return found.value;
};

/** An event of a tenant's log, as it hands it to a trigger. */
const happening = (clientId: string, { id }: Trigger, seq: number, over: object = {}): TriggerCall => ({
  clientId,
  triggerId: id,
  epoch: "test",
  events: [
    {
      seq,
      event: "instance.updated",
      entity_id: "some",
      owner_user_id: null,
      data: {},
      timestamp: new Date().toISOString(),
      ...over,
    },
  ],
});

describe("A trigger", () => {
  it("starts its persona for each event that its condition is true of, as its owner, with what the event says", async () => {
    const shop = await shopWithPersona();
    const { keeper, persona, clientId } = shop;
    const trigger = await makeTrigger(keeper, persona, {
      event: "order.*",
      when: "input.event == 'order.created' && input.data.total.amount > 5000",
      input: topic,
    });
    await makeOrder(shop);
    const large = await makeOrder(shop, { items: [{ product_id: shop.product.id, quantity: 9 }] });
    const { data } = await firedOf(clientId, trigger);
    expect(data).toMatchObject({ event: "order.created", instance_id: persona.id, depth: 1 });
    expect(await runOf(clientId, data)).toMatchObject({
      input: { topic: `Order ${large.number}` },
      started_by: { kind: "trigger", id: trigger.id, depth: 1 },
    });
    expect(await eventsOf(clientId, "trigger.fired")).toHaveLength(1);
    expect(await again(keeper, persona, trigger)).toMatchObject({ failures: 0, last_error: null });
  });

  it("starts it once for an event, however often that comes, and also where the gateway could not be asked first", async () => {
    const shop = await shopWithPersona();
    const { keeper, persona, clientId } = shop;
    const trigger = await makeTrigger(keeper, persona, { event: "order.created", input: topic });
    const refused = vi
      .spyOn(ToolCalls.prototype, "fireTrigger")
      .mockRejectedValueOnce(new Error("no answer"));
    await makeOrder(shop);
    await vi.waitFor(() => expect(refused).toHaveBeenCalled());
    refused.mockRestore();
    await tenantObject(clientId).wake();
    await makeOrder(shop);
    await firedOf(clientId, trigger);
    await vi.waitFor(async () => expect(await eventsOf(clientId, "trigger.fired")).toHaveLength(2), 10_000);
    const platform = testPlatform();
    const twice = happening(clientId, trigger, 1000, { event: "order.created", data: { number: 7 } });
    await fireTrigger(platform, twice);
    await fireTrigger(platform, twice);
    expect(await eventsOf(clientId, "trigger.fired")).toHaveLength(3);
  });

  it("hears only what its owner may hear", async () => {
    const shop = await shopWithPersona();
    const { clientId } = shop;
    const user = await createUser(clientId);
    const own = await makeInstance(user);
    const trigger = await makeTrigger(user, own, { event: "**", input: { topic: "{{input.event}}" } });
    await makeOrder(shop);
    await send(
      "PATCH",
      `/api/v1/personas/instances/${shop.persona.id}`,
      { name: "Other" },
      shop.keeper.headers,
    );
    await send("PATCH", `/api/v1/personas/instances/${own.id}`, { name: "Own" }, user.headers);
    const { data } = await firedOf(clientId, trigger);
    expect(data.event).toBe("instance.updated");
    expect((await get(`/api/v1/personas/runs/${data.correlation_id}`, user)).status).toBe(200);
    expect(await eventsOf(clientId, "trigger.failed")).toEqual([]);
  });

  it("fires three in a row at most: what goes round ends", async () => {
    const user = await createUser(`triggers_${tenants++}`);
    const persona = await makeInstance(user);
    const trigger = await makeTrigger(user, persona, {
      event: "execution.started",
      input: { topic: "Again" },
    });
    const first = await bodyOf<{ correlation_id: string }>(
      await send(
        "POST",
        `/api/v1/personas/instances/${persona.id}/execute`,
        { input: { topic: "Once" } },
        user.headers,
      ),
      202,
    );
    const failed = await eventOf(user.actor.clientId, "trigger.failed");
    expect(failed.data).toMatchObject({ trigger_id: trigger.id, code: "TOO_DEEP" });
    const fired = await eventsOf(user.actor.clientId, "trigger.fired");
    expect(fired.map(({ data }) => data.depth)).toEqual([1, 2, 3]);
    expect(new Set([first.correlation_id, ...fired.map(({ data }) => data.correlation_id)]).size).toBe(4);
  });

  it("starts it so often in an hour at most", async () => {
    const user = await createUser(`triggers_${tenants++}`);
    const persona = await makeInstance(user);
    const trigger = await makeTrigger(user, persona, {
      event: "instance.updated",
      input: { topic: "Again" },
      max_per_hour: 2,
    });
    const { clientId } = user.actor;
    let now = Date.now();
    const platform = testPlatform({ clock: { now: () => now } });
    const mine = { owner_user_id: user.actor.userId };
    for (let seq = 1001; seq < 1020; seq++)
      await fireTrigger(platform, happening(clientId, trigger, seq, mine));
    // It is told once, and is no failure: a busy hour switches nothing off.
    const over = { enabled: true, failures: 0, last_error: "TOO_OFTEN" };
    expect(await again(user, persona, trigger)).toMatchObject(over);
    expect(await eventsOf(clientId, "trigger.fired")).toHaveLength(2);
    expect(await eventsOf(clientId, "trigger.failed")).toHaveLength(1);
    now += 3_600_000;
    await fireTrigger(platform, happening(clientId, trigger, 1020, mine));
    expect(await again(user, persona, trigger)).toMatchObject({ failures: 0, last_error: null });
  });

  it("is switched off when it has failed ten times in a row, tells so, and can be switched on again", async () => {
    const user = await createUser(`triggers_${tenants++}`);
    const persona = await makeInstance(user);
    const trigger = await makeTrigger(user, persona, {
      event: "instance.updated",
      input: { topic: "{{input.data.not_there}}" },
    });
    const { clientId } = user.actor;
    const platform = testPlatform();
    for (let seq = 1001; seq <= 1010; seq++)
      await fireTrigger(platform, happening(clientId, trigger, seq, { owner_user_id: user.actor.userId }));
    expect(await again(user, persona, trigger)).toMatchObject({
      enabled: false,
      failures: 10,
      last_error: "INPUT_FAILED",
    });
    const told = await eventsOf(clientId, "trigger.failed");
    expect(told.map(({ data }) => data.switched_off)).toEqual([...Array(9).fill(false), true]);
    expect(await fireTrigger(platform, happening(clientId, trigger, 1011))).toEqual({ isWanted: false });
    const on = await send("PATCH", pathOf(persona, trigger), { enabled: true }, user.headers);
    expect(await bodyOf(on, 200)).toMatchObject({ enabled: true, failures: 0, last_error: null });
  });

  it("starts nothing for an account that is switched off, and is gone when it was deleted", async () => {
    const user = await createUser(`triggers_${tenants++}`);
    const persona = await makeInstance(user);
    const trigger = await makeTrigger(user, persona, { event: "instance.updated", input: { topic: "Me" } });
    const { clientId, userId } = user.actor;
    const platform = testPlatform();
    await db.update(users).set({ isActive: false }).where(eq(users.id, userId));
    await fireTrigger(platform, happening(clientId, trigger, 1001, { owner_user_id: userId }));
    expect(await db.select().from(triggers).where(eq(triggers.id, trigger.id))).toMatchObject([
      { failures: 1, lastError: "NO_OWNER" },
    ]);
    await db.update(users).set({ isActive: true }).where(eq(users.id, userId));
    expect((await call(pathOf(persona, trigger), { method: "DELETE", headers: user.headers })).status).toBe(
      204,
    );
    expect((await get(pathOf(persona, trigger), user)).status).toBe(404);
    expect(await fireTrigger(platform, happening(clientId, trigger, 1002))).toEqual({ isWanted: false });
  });

  it("is told to the log by the sweep where whoever has changed it could not", async () => {
    const shop = await shopWithPersona();
    const trigger = await makeTrigger(shop.keeper, shop.persona, { event: "customer.created", input: topic });
    await db
      .update(triggers)
      .set({ event: "order.created", version: 2, isPending: true })
      .where(eq(triggers.id, trigger.id));
    await sweepTriggers(testPlatform(), Date.now() + 120_000);
    await makeCustomer(shop.keeper);
    await makeOrder(shop);
    expect((await firedOf(shop.clientId, trigger)).data).toMatchObject({ event: "order.created" });
  });
});

describe("What is no trigger is refused", () => {
  it.each([
    ["an event that there is not", { event: "order.eaten" }, "event"],
    ["what is no name", { event: "order." }, "event"],
    ["its own events", { event: "trigger.fired" }, "event"],
    ["a condition that is none", { event: "order.created", when: "input.data.total >" }, "when"],
    ["a condition that is no condition", { event: "order.created", when: "'yes'" }, "when"],
    ["a template that is none", { event: "order.created", input: { topic: "{{ input.data" } }, "input.topic"],
    ["more an hour than there may be", { event: "order.created", max_per_hour: 1001 }, "max_per_hour"],
    ["what it does not know", { event: "order.created", owner: "me" }, "owner"],
  ])("%s", async (_, body, path) => {
    const user = await createUser("triggers_refused");
    const persona = await makeInstance(user);
    const answer = await send("POST", pathOf(persona), body, user.headers);
    const refused = await bodyOf<{ error: unknown; details: { fields: { path: string }[] } }>(answer, 400);
    expect(JSON.stringify(refused)).toContain(path);
  });

  it("the twenty-first of a persona, and any of another's persona", async () => {
    const user = await createUser("triggers_many");
    const persona = await makeInstance(user);
    for (let made = 0; made < 20; made++) await makeTrigger(user, persona, { event: "order.created" });
    const full = await send("POST", pathOf(persona), { event: "order.created" }, user.headers);
    expect(full.status).toBe(403);
    const other = await createUser("triggers_many", { role: "admin" });
    expect((await send("POST", pathOf(persona), { event: "order.created" }, other.headers)).status).toBe(404);
    const { triggers: listed } = await bodyOf<{ triggers: Trigger[] }>(
      await get(`${pathOf(persona)}?limit=100`, user),
      200,
    );
    expect(listed).toHaveLength(20);
  });
});
