import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { ImportReport } from "#src/commerce/imports/schemas.ts";
import { call } from "../../support/api.ts";
import { eventsOf } from "../../support/events.ts";
import { bodyOf } from "../../support/personas.ts";
import { makeCustomer, makeProduct, shopOf } from "../../support/shop.ts";
import { createUser, type TestUser } from "../../support/users.ts";

type Kind = "products" | "customers";

/** Sends a file. */
async function upload({ headers }: Pick<TestUser, "headers">, kind: Kind, text: string, more = {}) {
  const body = new FormData();
  body.set("file", new File([text], "file.csv"));
  for (const [name, value] of Object.entries(more)) body.set(name, String(value));
  return call(`/api/v1/${kind}/import`, { method: "POST", headers, body });
}

const reportOf = async (...of: Parameters<typeof upload>) => bodyOf<ImportReport>(await upload(...of), 200);
const exportOf = async ({ headers }: TestUser, kind: Kind, format = "csv") =>
  (await call(`/api/v1/${kind}/export?format=${format}`, { headers })).text();

const listSchema = z.object({
  products: z.array(z.looseObject({ id: z.string() })).optional(),
  customers: z.array(z.looseObject({ id: z.string() })).optional(),
});

/** What there is, without what differs from tenant to tenant. */
async function factsOf({ headers }: TestUser, kind: Kind) {
  const list = listSchema.parse(await (await call(`/api/v1/${kind}?limit=100`, { headers })).json());
  return (list[kind] ?? [])
    .map(({ id: _, version: __, created_at: ___, updated_at: ____, ...facts }) => facts)
    .toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));
}

describe("POST /products/import", () => {
  it("makes and changes products by their skus, and leaves columns alone that are not there", async () => {
    const { keeper } = await shopOf("import_products");
    const known = await makeProduct(keeper, {
      sku: "tea-1",
      description: "Leaves",
      attributes: { origin: "Assam" },
    });
    const same = await makeProduct(keeper, { sku: "tea-2", name: "Sencha" });
    const table =
      "sku,name,price,currency\nTEA-1,Black tea,1299,EUR\ntea-2,Sencha,1099,EUR\ntea-3,Mate,500,EUR\n";
    expect(await reportOf(keeper, "products", table)).toEqual({
      ...{ total_processed: 3, successful: 3, failed: 0, created: 1, updated: 1, unchanged: 1 },
      ...{ dry_run: false, errors: [] },
    });
    const product = await bodyOf(
      await call(`/api/v1/products/${known.id}`, { headers: keeper.headers }),
      200,
    );
    expect(product).toMatchObject({
      ...{ sku: "TEA-1", name: "Black tea", description: "Leaves", attributes: { origin: "Assam" } },
      ...{ price: { amount: 1299, currency: "EUR" }, version: 2, status: "active" },
    });
    const changedOf = async () =>
      (await eventsOf("import_products", "product.updated")).map(({ entity_id }) => entity_id);
    await expect.poll(changedOf).toEqual([known.id]);
    const made = await eventsOf("import_products", "product.created");
    expect(made.filter(({ data }) => data.sku === "tea-3")).toHaveLength(1);
    expect(made.filter(({ entity_id }) => entity_id === same.id)).toHaveLength(1);
  });

  it("says what is wrong with each row, and takes over the others", async () => {
    const { keeper } = await shopOf("import_problems");
    const table = [
      "sku,name,price,currency,attributes,status",
      "a,Tea,-1,EUR,,",
      "b,Tea,1.5,EUR,,",
      "c,Tea,1,EURO,,",
      "d,,1,EUR,,",
      "e,Tea,,,,",
      'f,Tea,1,EUR,"{""x"":",',
      "g,Tea,1,EUR,,sold",
      ",Tea,1,EUR,,",
      "h,Tea,1,EUR,,",
      "H,Tea again,1,EUR,,",
      "i,Tea,9007199254740993,EUR,,",
      "too,few",
    ];
    const report = await reportOf(keeper, "products", `${table.join("\n")}\n`);
    expect(report).toMatchObject({ total_processed: 12, successful: 1, created: 1, failed: 11 });
    expect(report.errors.map((error) => error.split(":")[0])).toEqual(
      [2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13].map((row) => `Row ${row}`),
    );
    expect(report.errors).toContain("Row 11: The same as in row 10");
  });

  it("only says what would come of it, where that is what is asked", async () => {
    const { keeper } = await shopOf("import_dry");
    const before = await factsOf(keeper, "products");
    const table = "sku,name,price,currency\nnew,New,1,EUR\n";
    expect(await reportOf(keeper, "products", table, { dry_run: true })).toMatchObject({
      created: 1,
      dry_run: true,
    });
    expect(await factsOf(keeper, "products")).toEqual(before);
  });

  it("takes a file that it is given twice over once", async () => {
    const { keeper } = await shopOf("import_twice");
    const table = "sku,name,price,currency\na,A,1,EUR\nb,B,2,EUR\n";
    await reportOf(keeper, "products", table);
    expect(await reportOf(keeper, "products", table)).toMatchObject({ created: 0, updated: 0, unchanged: 2 });
  });

  it("takes two files at once over, one after the other where they are about the same", async () => {
    const { keeper } = await shopOf("import_at_once");
    const table = (name: string) =>
      `sku,name,price,currency\n${Array.from({ length: 20 }, (_, index) => `s${index},${name},1,EUR\n`).join("")}`;
    const reports = await Promise.all(["A", "B"].map((name) => reportOf(keeper, "products", table(name))));
    expect(reports.map(({ successful }) => successful)).toEqual([20, 20]);
    expect(reports.reduce((sum, { created }) => sum + created, 0)).toBe(20);
    const names = (await factsOf(keeper, "products")).filter(({ sku }) => /^s\d/.test(String(sku)));
    expect(new Set(names.map(({ name }) => name)).size).toBe(1);
  });

  it("reaches nothing of another tenant's, whose skus are its own", async () => {
    const [mine, other] = [await shopOf("import_mine"), await shopOf("import_other")];
    await makeProduct(other.keeper, { sku: "shared", name: "Theirs" });
    await reportOf(mine.keeper, "products", "sku,name,price,currency\nshared,Mine,1,EUR\n");
    const theirs = await factsOf(other.keeper, "products");
    expect(theirs.find(({ sku }) => sku === "shared")).toMatchObject({ name: "Theirs" });
  });

  it("needs the right to manage the shop, and a file", async () => {
    const { keeper } = await shopOf("import_rights");
    const reader = await createUser("import_rights", { permissions: ["commerce.read", "commerce.orders"] });
    expect((await upload(reader, "products", "sku\n")).status).toBe(403);
    expect((await upload(keeper, "products", "")).status).toBe(400);
    expect((await upload(keeper, "products", "sku,name\nA,B\n", { tenant: "x" })).status).toBe(400);
    const nothing = await call("/api/v1/products/import", {
      ...{ method: "POST", headers: keeper.headers, body: new FormData() },
    });
    expect(nothing.status).toBe(400);
    const large = await upload(keeper, "products", `sku\n${"x".repeat(10 * 1024 * 1024)}`);
    expect(large.status).toBe(413);
  });
});

describe("POST /customers/import", () => {
  it("makes and changes customers by their external ids or, in a file that was exported, by their own", async () => {
    const { keeper, customer } = await shopOf("import_customers");
    const known = await makeCustomer(keeper, { name: "Grace", external_id: "crm-1", tags: ["navy"] });
    const table = [
      "id,external_id,name,email,tags,is_active",
      `${customer.id},,Ada King,ada@example.com,count|ess,false`,
      ",crm-1,Grace Hopper,grace@example.com,,true",
      ",crm-2,Edsger,,,",
    ];
    expect(await reportOf(keeper, "customers", `${table.join("\n")}\n`)).toMatchObject({
      created: 1,
      updated: 2,
    });
    const read = async (id: string) =>
      (await call(`/api/v1/customers/${id}`, { headers: keeper.headers })).json();
    expect(await read(customer.id)).toMatchObject({
      ...{ name: "Ada King", email: "ada@example.com", tags: ["count", "ess"], is_active: false, version: 2 },
    });
    expect(await read(known.id)).toMatchObject({ name: "Grace Hopper", external_id: "crm-1", tags: [] });
  });

  it("gives nobody what another customer has, and leaves what is masked as it is", async () => {
    const { keeper } = await shopOf("import_taken");
    const grace = await makeCustomer(keeper, { name: "Grace", email: "grace@example.com", external_id: "g" });
    const table = [
      "external_id,name,email,phone",
      "g,Grace,g•••@example.com,",
      "x,Other,Grace@Example.com,",
      "y,Masked,,•••42",
    ];
    expect(await reportOf(keeper, "customers", `${table.join("\n")}\n`)).toMatchObject({
      ...{ unchanged: 1, created: 1, failed: 1 },
      errors: ["Row 3: Another customer has this e-mail address or external id"],
    });
    const read = await call(`/api/v1/customers/${grace.id}`, { headers: keeper.headers });
    expect(await read.json()).toMatchObject({ email: "grace@example.com" });
  });
});

describe("What is exported", () => {
  it.each(["csv", "jsonl"])("is imported unchanged, as %s, also where it came from", async (format) => {
    const [from, to] = [await shopOf(`round_from_${format}`), await shopOf(`round_to_${format}`)];
    await makeProduct(from.keeper, {
      ...{ sku: "odd", name: '=SUM("1")', description: '\'\tTwo\r\nlines, "quoted"', category: "-tea" },
      ...{ attributes: { origin: "Assam", steps: [1, { a: null }] }, status: "draft" },
    });
    await makeCustomer(from.keeper, {
      ...{ name: "+49 Ada", email: "ada@example.com", phone: "+49 30 1", external_id: "@crm" },
      ...{ address: { line1: "=1", city: "Köln", country: "DE" }, tags: ["a|b", "[c"], notes: "'=x\n" },
    });
    for (const kind of ["products", "customers"] as const) {
      const file = await exportOf(from.keeper, kind, format);
      const rows = (await factsOf(from.keeper, kind)).length;
      expect(await reportOf(from.keeper, kind, file)).toMatchObject({ unchanged: rows, failed: 0 });
      expect(await reportOf(to.keeper, kind, file)).toMatchObject({ failed: 0 });
      expect(await factsOf(to.keeper, kind)).toEqual(
        expect.arrayContaining(await factsOf(from.keeper, kind)),
      );
    }
  });
});
