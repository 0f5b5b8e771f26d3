import { describe, expect, it } from "vitest";
import { call } from "../../support/api.ts";
import { makeCustomer, makeOrder, makeProduct, shopOf } from "../../support/shop.ts";
import { createUser } from "../../support/users.ts";

describe("A list of commerce as a file", async () => {
  const shop = await shopOf("shop_exports");
  const { headers } = shop.keeper;
  const formula = await makeProduct(shop.keeper, { name: '=HYPERLINK("x")', category: "odd" });
  await makeCustomer(shop.keeper, { name: "Grace", email: "grace@example.com", tags: ["navy", "cobol"] });
  const order = await makeOrder(shop);
  const textOf = async (path: string, as = headers) => {
    const answer = await call(`/api/v1${path}`, { headers: as });
    expect(answer.status).toBe(200);
    return answer.text();
  };

  it("is a table in which nothing is run", async () => {
    const answer = await call("/api/v1/products/export?category=odd", { headers });
    expect(answer.headers.get("content-disposition")).toBe('attachment; filename="products.csv"');
    const [head, row] = (await answer.text()).split("\r\n");
    expect(head).toBe(
      "sku,name,description,category,image_url,price,currency,attributes,status,id,created_at",
    );
    expect(row).toBe(
      `${formula.sku},"'=HYPERLINK(""x"")",,odd,,1099,EUR,{},active,${formula.id},${formula.created_at}`,
    );
  });

  it("is a line of JSON for each, by the filters of the list", async () => {
    const lines = (await textOf("/orders/export?format=jsonl&status=pending")).trim().split("\n");
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { number: 1, total: 2198, currency: "EUR", id: order.id },
    ]);
    expect(await textOf("/orders/export?format=jsonl&status=cancelled")).toBe("");
  });

  it("masks how people are reached for who may not see it", async () => {
    const clerk = await createUser("shop_exports", { permissions: ["commerce.manage"] });
    const path = "/customers/export?q=grace&format=jsonl";
    expect(JSON.parse(await textOf(path))).toMatchObject({ email: "grace@example.com", tags: "navy|cobol" });
    expect(JSON.parse(await textOf(path, clerk.headers))).toMatchObject({ email: "g•••@example.com" });
    const reader = await createUser("shop_exports", { permissions: ["commerce.read"] });
    expect((await call("/api/v1/customers/export", { headers: reader.headers })).status).toBe(403);
  });

  it("is of one's own tenant alone", async () => {
    const other = await createUser("shop_exports_away", { role: "admin" });
    expect(await textOf("/products/export?format=jsonl", other.headers)).toBe("");
  });
});
