import { beforeEach, describe, expect, it } from "vitest";
import { useShopTool } from "#src/commerce-tools/index.ts";
import type { ToolCall } from "#src/objects/tool-calls.ts";
import { call, send } from "../../support/api.ts";
import { closeBreakers } from "../../support/breakers.ts";
import { bodyOf, type Instance, makeInstance } from "../../support/personas.ts";
import { testPlatform } from "../../support/platform-in-process.ts";
import { makeOrder, type Order, type Shop, shopOf, stockOf } from "../../support/shop.ts";
import { atWork, callOf, idsOf } from "../../support/shop-persona.ts";
import { createUser, type TestUser } from "../../support/users.ts";

beforeEach(closeBreakers);

let shops = 0;
const pathOf = ({ id }: Instance) => `/api/v1/personas/instances/${id}/tools-without-approval`;
const bounds = (count: number, amount: number) => ({ count, amount });
const cancelling = (perRun: object, perDay: object) => ({
  tools: [{ tool: "orders.cancel", currency: "EUR", per_run: perRun, per_day: perDay }],
});
const free = (by: TestUser, instance: Instance, body: object) =>
  send("PUT", pathOf(instance), body, by.headers);

/** A shop, and a persona of its keeper's. */
async function desk() {
  const shop = await shopOf(`freed_${shops++}`);
  const instance = await makeInstance(shop.keeper);
  return { shop, instance };
}

let calls = 0;
const dayOne = Date.parse("2026-11-28T12:00:00Z");

/** A call by which a persona wants an order cancelled, as its object vouches for it. */
const wish = (
  { keeper: { actor } }: Shop,
  instance: Instance,
  order: Order,
  over: Partial<ToolCall> = {},
): ToolCall => ({
  clientId: actor.clientId,
  userId: actor.userId,
  runId: "run-1",
  instanceId: instance.id,
  taskId: `task-${calls++}`,
  input: { tool: "orders.cancel", arguments: { order_id: order.id, reason: "Not wanted" } },
  isAllowed: false,
  allowedChange: null,
  isToBeAsked: false,
  ...over,
});

/** What comes of a call: whether the order is cancelled, or somebody asked. */
async function use(toolCall: ToolCall, at = dayOne): Promise<"cancelled" | "asked"> {
  const result = await useShopTool(testPlatform({ clock: { now: () => at } }), toolCall);
  if ("person_is_asked" in result) return "asked";
  expect(result).toMatchObject({ status: "cancelled" });
  return "cancelled";
}

describe("Tools of the shop that an administrator has freed", () => {
  it("are used without asking, by the model's wish alone", async () => {
    const { shop, instance } = await desk();
    const order = await makeOrder(shop);
    await bodyOf(await free(shop.keeper, instance, cancelling(bounds(1, 5000), bounds(9, 9_999_999))), 200);
    const wanted = callOf("orders_cancel", { order_id: order.id, reason: "Not wanted" });
    const run = await atWork(wanted, ...idsOf(shop), {}, { instanceId: instance.id });
    await run.work("m0");
    // However often its message comes.
    await run.work("t0.0", "t0.0");
    await run.work("m1");
    expect(await run.view()).toMatchObject({
      status: "completed",
      waiting: [],
      data: { answer: { tool_calls: 1 } },
    });
    expect(await stockOf(shop.keeper, shop.product.id)).toMatchObject({ reserved: 0 });
  });

  it("are asked about where the bound of the run is reached, by their number or by what they are worth", async () => {
    const { shop, instance } = await desk();
    const [one, two, three] = [await makeOrder(shop), await makeOrder(shop), await makeOrder(shop)];
    await free(shop.keeper, instance, cancelling(bounds(1, 9_999), bounds(9, 99_999)));
    expect(await use(wish(shop, instance, one))).toBe("cancelled");
    expect(await use(wish(shop, instance, two))).toBe("asked");
    // A child run is part of the run that waits for it.
    expect(await use(wish(shop, instance, two, { runId: "child", rootRunId: "run-1" }))).toBe("asked");
    // An order comes to 21.98.
    await free(shop.keeper, instance, cancelling(bounds(9, 2197), bounds(9, 99_999)));
    expect(await use(wish(shop, instance, two, { runId: "run-2" }))).toBe("asked");
    await free(shop.keeper, instance, cancelling(bounds(9, 2 * 2198), bounds(9, 99_999)));
    expect(await use(wish(shop, instance, two, { runId: "run-2" }))).toBe("cancelled");
    expect(await use(wish(shop, instance, three, { runId: "run-2" }))).toBe("cancelled");
  });

  it("are asked about for the rest of the day once its bound is reached, and free again on the next, where the tenant is", async () => {
    const { shop, instance } = await desk();
    const { clientId } = shop.keeper.actor;
    const operator = shop.keeper;
    await bodyOf(
      await send(
        "PUT",
        `/api/v1/admin/clients/${clientId}`,
        { settings: { time_zone: "Asia/Tokyo" } },
        operator.headers,
      ),
      200,
    );
    const orders = [await makeOrder(shop), await makeOrder(shop), await makeOrder(shop)] as const;
    await free(shop.keeper, instance, cancelling(bounds(9, 99_999), bounds(1, 99_999)));
    const at = (time: string) => Date.parse(`2026-11-28T${time}Z`);
    expect(await use(wish(shop, instance, orders[0], { runId: "a" }), at("12:00:00"))).toBe("cancelled");
    expect(await use(wish(shop, instance, orders[1], { runId: "b" }), at("14:59:59"))).toBe("asked");
    // Midnight in Tokyo.
    expect(await use(wish(shop, instance, orders[1], { runId: "c" }), at("15:00:00"))).toBe("cancelled");
    expect(await use(wish(shop, instance, orders[2], { runId: "d" }), at("15:00:01"))).toBe("asked");
  });

  it("are used no more often than their bounds say, however many runs want it at once", async () => {
    const { shop, instance } = await desk();
    const orders = await Promise.all(Array.from({ length: 12 }, () => makeOrder(shop)));
    await free(shop.keeper, instance, cancelling(bounds(1, 99_999), bounds(5, 99_999)));
    const done = await Promise.all(
      orders.map((order, index) => use(wish(shop, instance, order, { runId: `at-once-${index}` }))),
    );
    expect(done.filter((each) => each === "cancelled")).toHaveLength(5);
    expect(await stockOf(shop.keeper, shop.product.id)).toMatchObject({ reserved: 2 * 7 });
  });

  it("count once for a call that comes again, and are done once for it", async () => {
    const { shop, instance } = await desk();
    const [one, two] = [await makeOrder(shop), await makeOrder(shop)];
    await free(shop.keeper, instance, cancelling(bounds(2, 99_999), bounds(9, 99_999)));
    const again = wish(shop, instance, one);
    for (let times = 0; times < 3; times++) expect(await use(again)).toBe("cancelled");
    expect(await use(wish(shop, instance, two))).toBe("cancelled");
  });

  it("are asked about all the same where the persona's policy says so, in another currency, and for another persona", async () => {
    const { shop, instance } = await desk();
    const order = await makeOrder(shop);
    await free(shop.keeper, instance, cancelling(bounds(9, 99_999), bounds(9, 99_999)));
    expect(await use(wish(shop, instance, order, { isToBeAsked: true }))).toBe("asked");
    expect(await use(wish(shop, instance, order, { instanceId: null }))).toBe("asked");
    const other = await makeInstance(shop.keeper);
    expect(await use(wish(shop, other, order))).toBe("asked");
    const [rule] = cancelling(bounds(9, 99_999), bounds(9, 99_999)).tools;
    await free(shop.keeper, instance, { tools: [{ ...rule, currency: "USD" }] });
    expect(await use(wish(shop, instance, order))).toBe("asked");
    // What is taken back is taken back at once.
    await free(shop.keeper, instance, { tools: [] });
    expect(await use(wish(shop, instance, order))).toBe("asked");
  });

  it("still need the owner's rights as they are now", async () => {
    const { shop, instance } = await desk();
    const order = await makeOrder(shop);
    const { actor } = await createUser(shop.keeper.actor.clientId, { permissions: ["commerce.read"] });
    await free(shop.keeper, instance, cancelling(bounds(9, 99_999), bounds(9, 99_999)));
    await expect(use(wish(shop, instance, order, { userId: actor.userId }))).rejects.toMatchObject({
      code: "INSUFFICIENT_PERMISSIONS",
    });
  });
});

describe("PUT /personas/instances/{id}/tools-without-approval", () => {
  it("is for administrators alone, not for the persona's owner, who sees what is said", async () => {
    const { shop } = await desk();
    const owner = await createUser(shop.keeper.actor.clientId, { permissions: ["commerce.orders"] });
    const instance = await makeInstance(owner);
    const body = cancelling(bounds(1, 1), bounds(1, 1));
    expect((await free(owner, instance, body)).status).toBe(403);
    expect(await bodyOf(await free(shop.keeper, instance, body), 200)).toEqual(body);
    expect(await bodyOf(await call(pathOf(instance), { headers: owner.headers }), 200)).toEqual(body);
    const stranger = await createUser(`freed_${shops++}`, { role: "admin" });
    expect((await free(stranger, instance, body)).status).toBe(404);
  });

  it.each([
    ["a tool that changes nothing", [{ tool: "orders.find" }]],
    ["a bound below nothing", [{ per_run: { count: -1, amount: 1 } }]],
    ["half a change", [{ per_day: { count: 0.5, amount: 1 } }]],
    ["more than is exact", [{ per_day: { count: 1, amount: 2 ** 53 } }]],
    ["no currency", [{ currency: "EURO" }]],
    ["a tool twice", [{}, {}]],
  ])("refuses %s", async (_what, over) => {
    const { shop, instance } = await desk();
    const [rule] = cancelling(bounds(1, 1), bounds(1, 1)).tools;
    const answer = await free(shop.keeper, instance, { tools: over.map((part) => ({ ...rule, ...part })) });
    expect(answer.status).toBe(400);
  });
});
