import { describe, expect, it } from "vitest";
import { call, send } from "../../support/api.ts";
import { bodyOf, get } from "../../support/personas.ts";
import { makeOrder, shopOf } from "../../support/shop.ts";

describe("A change that says by If-Match what it was decided on", async () => {
  const shop = await shopOf("if_match");
  const { keeper, product, customer } = shop;
  const at = (ifMatch: string) => ({ ...keeper.headers, "if-match": ifMatch });
  const stale = (version: number) => ({ error: "CONFLICT", details: { version } });

  it.each([
    ["a product", `/api/v1/products/${product.id}`],
    ["a customer", `/api/v1/customers/${customer.id}`],
  ])("is made to %s of that version alone", async (_, path) => {
    const renamed = await bodyOf(await send("PATCH", path, { name: "Renamed" }, at('"1"')), 200);
    expect(renamed).toMatchObject({ name: "Renamed", version: 2 });
    const late = await bodyOf(await send("PATCH", path, { name: "Late" }, at('"1"')), 409);
    expect(late).toMatchObject(stale(2));
  });

  it("is made to an order of that version alone, with a body and without one", async () => {
    const path = `/api/v1/orders/${(await makeOrder(shop)).id}`;
    const confirm = (ifMatch: string) => call(`${path}/confirm`, { method: "POST", headers: at(ifMatch) });
    await bodyOf(await send("PATCH", path, { notes: "Soon" }, at('"1"')), 200);
    expect(await bodyOf(await confirm('"1"'), 409)).toMatchObject(stale(2));
    expect(await bodyOf(await confirm('"2"'), 200)).toMatchObject({ status: "confirmed", version: 3 });
  });

  it("is made to any version by *", async () => {
    const path = `/api/v1/orders/${(await makeOrder(shop)).id}`;
    await bodyOf(await send("PATCH", path, { notes: "Soon" }, keeper.headers), 200);
    expect(await bodyOf(await send("PATCH", path, { notes: "Now" }, at("*")), 200)).toMatchObject({
      version: 3,
    });
  });

  it.each(["1", 'W/"1"', '"1", "2"', '"0"', '"x"', '"1'])("is not made by %s", async (ifMatch) => {
    const path = `/api/v1/orders/${(await makeOrder(shop)).id}`;
    expect(await bodyOf(await send("PATCH", path, { notes: "Odd" }, at(ifMatch)), 400)).toMatchObject({
      details: { fields: [{ path: "If-Match" }] },
    });
    expect(await bodyOf(await get(path, keeper), 200)).toMatchObject({ version: 1 });
  });

  it("is not made where its body says another", async () => {
    const path = `/api/v1/orders/${(await makeOrder(shop)).id}`;
    const answer = await send("PATCH", path, { notes: "Odd", version: 2 }, at('"1"'));
    expect(await bodyOf(answer, 400)).toMatchObject({ details: { fields: [{ path: "version" }] } });
    expect(await bodyOf(await get(path, keeper), 200)).toMatchObject({ version: 1 });
  });
});
