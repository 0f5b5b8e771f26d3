import { exports } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { globalId } from "#src/graphql/global-id.ts";
import { ask, results, subscribed, type Told } from "../../support/graphql-stream.ts";
import { tenantObject } from "../../support/objects.ts";
import { makeInstance, startRun } from "../../support/personas.ts";
import { act, makeOrder, shopOf, stockUp } from "../../support/shop.ts";
import { createUser } from "../../support/users.ts";

const orders =
  "subscription ($since: Int, $filter: OrderUpdatesFilter) { orderUpdates(since: $since, filter: $filter) { seq event previousStatus order { number status } } }";

let shops = 0;
const openShop = () => shopOf(`graphql_live_${shops++}`);

describe("A subscription", () => {
  it("tells of orders as they change, with the order as it is then", async () => {
    const shop = await openShop();
    const live = await subscribed(shop.keeper, orders, {}, { since: 0 });
    const order = await makeOrder(shop);
    const [made] = await results(live, 1);
    await act(shop.keeper, order.id, "confirm");
    const [confirmed] = await results(live, 1);
    await live.end();
    expect(made).toMatchObject({
      event: "next",
      result: { data: { orderUpdates: { event: "order.created", previousStatus: null } } },
    });
    expect(confirmed?.result?.data).toMatchObject({
      orderUpdates: {
        event: "order.confirmed",
        previousStatus: "pending",
        order: { number: order.number, status: "CONFIRMED" },
      },
    });
    expect(confirmed?.result?.extensions?.seq).toBeGreaterThan(made?.result?.extensions?.seq ?? 0);
  });

  it("goes on where it was broken off, without a gap and without a repeat, by number and by the event's id", async () => {
    const shop = await openShop();
    const made = [];
    for (let count = 0; count < 6; count++) made.push(await makeOrder(shop));
    const numbersOf = (told: Told[]) =>
      told.map(
        ({ result }) =>
          z
            .looseObject({ orderUpdates: z.looseObject({ order: z.looseObject({ number: z.number() }) }) })
            .parse(result?.data).orderUpdates.order.number,
      );
    const first = await subscribed(shop.keeper, orders, {}, { since: 0 });
    const begun = await results(first, 2);
    await first.end();
    const second = await subscribed(
      shop.keeper,
      orders,
      { "last-event-id": begun[1]?.id ?? "" },
      { since: 0 },
    );
    const more = await results(second, 2);
    await second.end();
    const third = await subscribed(shop.keeper, orders, {}, { since: more[1]?.result?.extensions?.seq });
    const rest = await results(third, 2);
    await third.end();
    expect(numbersOf([...begun, ...more, ...rest])).toEqual(made.map(({ number }) => number));
  });

  it("says where events are missing, and goes on", async () => {
    const shop = await openShop();
    await makeOrder(shop);
    const live = await subscribed(shop.keeper, orders, { "last-event-id": "another.3" });
    const [gap, next] = await results(live, 2);
    await live.end();
    expect(gap?.result).toMatchObject({ data: null, extensions: { gap: { since: 3 } } });
    expect(next?.result?.data).toMatchObject({ orderUpdates: { event: "order.created" } });
  });

  it("is narrowed to one order, to a customer's, to a status", async () => {
    const shop = await openShop();
    const [one, other] = [await makeOrder(shop), await makeOrder(shop)];
    await act(shop.keeper, other.id, "confirm");
    const filter = {
      orderId: globalId("Order", other.id),
      status: "CONFIRMED",
      customerId: other.customer_id,
    };
    const live = await subscribed(shop.keeper, orders, {}, { since: 0, filter });
    const [told] = await results(live, 1);
    await live.end();
    expect(told?.result?.data).toMatchObject({
      orderUpdates: { event: "order.confirmed", order: { number: other.number } },
    });
    expect(one.number).not.toBe(other.number);
  });

  it("tells of a run with its texts, and ends with it", async () => {
    const user = await createUser("graphql_live_runs");
    const { id } = await makeInstance(user);
    const runId = await startRun(user, id);
    await tenantObject("graphql_live_runs").terminateRun(runId);
    const live = await subscribed(
      user,
      "subscription ($id: ID!) { runEvents(runId: $id, since: 0) { event run { status } } }",
      {},
      { id: runId },
    );
    const told = [];
    for (let next = await live.next(); next; next = await live.next()) told.push(next);
    expect(told.at(-1)).toMatchObject({ event: "complete" });
    const events = told.flatMap(({ result }) => (result?.data?.runEvents ? [result.data.runEvents] : []));
    expect(events[0]).toMatchObject({ event: "execution.started" });
    expect(events.at(-1)).toMatchObject({ event: expect.stringMatching(/^execution\.(cancelled|failed)$/) });
  });

  it("tells of products, of a persona's runs and of whatever there is", async () => {
    const shop = await openShop();
    await stockUp(shop.keeper, shop.product.id, 7);
    const persona = await makeInstance(shop.keeper);
    await startRun(shop.keeper, persona.id);
    const of = async (query: string, variables: object) => {
      const live = await subscribed(shop.keeper, query, {}, variables);
      const [told] = await results(live, 1);
      await live.end();
      return told?.result?.data;
    };
    expect(
      await of(
        "subscription ($id: ID) { productUpdates(productId: $id, since: 0) { event product { sku } } }",
        {
          id: shop.product.id,
        },
      ),
    ).toMatchObject({ productUpdates: { event: "product.created", product: { sku: shop.product.sku } } });
    expect(
      await of(
        "subscription ($id: ID!) { personaEvents(instanceId: $id, since: 0) { event run { status } } }",
        {
          id: globalId("PersonaInstance", persona.id),
        },
      ),
    ).toMatchObject({ personaEvents: { event: "execution.started" } });
    expect(
      await of('subscription { events(patterns: ["customer.*"], since: 0) { event entityId data } }', {}),
    ).toMatchObject({ events: { event: "customer.created", entityId: shop.customer.id } });
  });

  it("keeps from whoever may not hear of them what happens to others and in the shop", async () => {
    const shop = await openShop();
    await makeOrder(shop);
    const { clientId } = shop.keeper.actor;
    const user = await createUser(clientId);
    const { id } = await makeInstance(user);
    const live = await subscribed(
      user,
      'subscription { events(patterns: ["**"], since: 0) { event entityId } }',
    );
    const [told] = await results(live, 1);
    await live.end();
    expect(told?.result?.data).toMatchObject({ events: { event: "instance.created", entityId: id } });
    const stranger = await createUser("graphql_live_away", { role: "admin" });
    const foreign = await subscribed(
      stranger,
      "subscription ($id: ID!) { runEvents(runId: $id) { event } }",
      {},
      {
        id: await startRun(user, id),
      },
    );
    const [refused] = await results(foreign, 1);
    expect(refused?.result?.errors?.[0]?.extensions.code).toBe("NOT_FOUND");
    expect(await foreign.next()).toMatchObject({ event: "complete" });
  });

  it("of another tenant, which older clients name, is refused; one's own is not", async () => {
    const shop = await openShop();
    const { clientId } = shop.keeper.actor;
    await makeOrder(shop);
    const of = (tenantId: string) =>
      subscribed(
        shop.keeper,
        "subscription ($tenantId: String) { orderUpdates(tenantId: $tenantId, since: 0) { event } }",
        {},
        { tenantId },
      );
    const own = await of(clientId);
    expect((await own.next())?.result?.data).toMatchObject({ orderUpdates: { event: "order.created" } });
    await own.end();
    const [refused] = await results(await of("another"), 1);
    expect(refused?.result?.errors?.[0]?.extensions.code).toBe("INSUFFICIENT_PERMISSIONS");
  });
});

describe("Other operations by server-sent events", () => {
  it("tell one result, and that there is no other", async () => {
    const user = await createUser("graphql_live_query");
    const live = await subscribed(user, "{ me { email } }");
    expect(await live.next()).toMatchObject({
      event: "next",
      result: { data: { me: { email: user.actor.email } } },
    });
    expect(await live.next()).toMatchObject({ event: "complete" });
    expect(await live.next()).toBeUndefined();
  });

  it.each([
    ["what is no document", "subscription {", 400],
    ["a field that there is not", "subscription { weather { event } }", 400],
    [
      "what costs too much",
      "subscription { orderUpdates { order { customer { orders(first: 100) { nodes { items { name } } } } } } }",
      400,
    ],
  ])("refuse %s", async (_, query, status) => {
    const user = await createUser("graphql_live_query");
    const answer = await ask(user, query);
    expect(answer.status).toBe(status);
    expect(await answer.text()).toContain("extensions");
  });

  it("are for whoever has signed in", async () => {
    const answer = await exports.default.fetch("http://platform.test/graphql", {
      method: "POST",
      headers: { "content-type": "application/json", accept: "text/event-stream" },
      body: JSON.stringify({ query: "{ __typename }" }),
    });
    expect(answer.status).toBe(401);
  });

  it("over plain HTTP a subscription is refused", async () => {
    const user = await createUser("graphql_live_query");
    const answer = await ask(user, 'subscription { events(patterns: ["**"]) { event } }', {
      accept: "application/json",
    });
    expect(await answer.text()).toContain("not supported");
  });
});
