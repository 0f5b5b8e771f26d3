import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import { demo } from "#scripts/local/options.ts";
import {
  browserPath,
  faultsOf,
  launchBrowser,
  type Offences,
  signIn,
  visitor,
} from "../../support/browser.ts";
import { signedIn } from "../../support/outside.ts";

const baseUrl = inject("baseUrl");
const [admin, user] = demo.accounts;

/** Each page of administration, with something that is on it once it is there. */
const tour: [name: string, sign: (page: Page) => ReturnType<Page["getByRole"]>][] = [
  ["Workflows", (page) => page.getByRole("heading", { name: "There are no workflows yet" })],
  ["Agent types", (page) => page.getByRole("table", { name: "agent types" })],
  ["Orders", (page) => page.getByRole("table", { name: "orders" })],
  ["Products", (page) => page.getByRole("table", { name: "products" })],
  ["Dashboard", (page) => page.getByRole("img", { name: "Runs by day" })],
  ["Users", (page) => page.getByRole("table", { name: "users" })],
  ["Takeover", (page) => page.getByRole("heading", { level: 1 })],
  ["Tenants", (page) => page.getByRole("table", { name: "tenants" })],
  ["Subscriptions", (page) => page.getByRole("heading", { level: 1 })],
  ["Agents", (page) => page.getByRole("heading", { level: 1 })],
  ["All runs", (page) => page.getByRole("heading", { level: 1 })],
  ["Webhooks", (page) => page.getByRole("heading", { name: "Nobody is told of anything" })],
  ["Audit", (page) => page.getByRole("table", { name: "audit log" })],
  ["Topics", (page) => page.getByRole("table", { name: "Queues" })],
  ["Logs", (page) => page.getByRole("button", { name: "Pause" })],
  ["System", (page) => page.getByRole("table", { name: "Configuration" })],
];

describe.skipIf(!browserPath)("Administration in the console", () => {
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let offences: Offences;

  beforeAll(async () => {
    browser = await launchBrowser();
    ({ context, page, offences } = await visitor(browser, baseUrl));
    offences.expected = [/auth\/refresh/];
    await page.goto("/console/sign-in");
    await signIn(page, admin);
    await page.getByRole("link", { name: "Dashboard" }).waitFor();
  });
  afterAll(() => browser?.close());
  afterEach(() => expect(offences.told.splice(0)).toEqual([]));

  it.each(tour)("has the page %s", async (name, sign) => {
    await page.getByRole("link", { name, exact: true }).click();
    await sign(page).first().waitFor();
    expect(await faultsOf(context, page)).toEqual([]);
  });

  it("shows an account, and has a tenant made", async () => {
    const account = { email: "newcomer@demo.test", password: "Correct-Horse-9", client_id: demo.clientId };
    const registered = await fetch(`${baseUrl}/api/v1/auth/register`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(account),
    });
    expect(registered.status).toBe(201);
    await page.getByRole("link", { name: "Users", exact: true }).click();
    await page.getByRole("searchbox").fill(account.email);
    await page.getByRole("link", { name: account.email }).click();
    await page.getByRole("heading", { level: 1, name: account.email }).waitFor();
    await page.getByRole("table", { name: "audit log" }).waitFor();
    expect(await faultsOf(context, page)).toEqual([]);
    await page.getByRole("link", { name: "Tenants", exact: true }).click();
    await page.getByRole("button", { name: "New tenant" }).click();
    await page.getByLabel("Name").fill("Acme");
    await page.getByLabel("Id", { exact: true }).fill("acme_console");
    expect(await faultsOf(context, page)).toEqual([]);
    await page.getByRole("button", { name: "Make it" }).click();
    await page.getByRole("table", { name: "tenants" }).getByText("acme_console").waitFor();
  });

  it("makes a workflow, tells what is wrong with it, and keeps its versions", async () => {
    await page.getByRole("link", { name: "Workflows", exact: true }).click();
    await page.getByRole("button", { name: "New workflow" }).click();
    const dialog = page.getByRole("dialog", { name: "New workflow" });
    await dialog.getByLabel("Name", { exact: true }).fill("fact-check");
    await dialog.getByLabel("What it is for").fill("Checks one claim");
    expect(await faultsOf(context, page)).toEqual([]);
    await dialog.getByRole("button", { name: "Make it" }).click();
    await page.getByRole("heading", { level: 1, name: "fact-check" }).waitFor();
    const editor = page.getByRole("textbox", { name: /^Plan as YAML/ });
    await editor.waitFor();
    await page.getByText(/^Valid/).waitFor();
    expect(await faultsOf(context, page)).toEqual([]);
    await editor.click();
    await page.keyboard.press("Control+Home");
    await page.keyboard.insertText("start_step: nowhere #");
    await page.getByText("There is no step nowhere").waitFor();
    await page.keyboard.press("Control+Home");
    await page.keyboard.insertText("start_step: done #");
    await page.getByText(/^Valid/).waitFor();
    await page.getByRole("tab", { name: "Runs" }).click();
    await page.getByRole("heading", { name: "No run has carried it out yet" }).waitFor();
    expect(await faultsOf(context, page)).toEqual([]);
    await page.getByRole("tab", { name: "Versions" }).click();
    await page.getByRole("table", { name: "versions" }).getByRole("button", { name: "1" }).click();
    await page.getByRole("heading", { name: "Version 1, the first" }).waitFor();
    expect(await faultsOf(context, page)).toEqual([]);
  });

  it("makes an agent type", async () => {
    await page.getByRole("link", { name: "Agent types", exact: true }).click();
    await page.getByRole("button", { name: "New agent type" }).click();
    const dialog = page.getByRole("dialog", { name: "New agent type" });
    await dialog.getByLabel("Type").fill("translator");
    await dialog.getByLabel("Name").fill("Translator");
    await dialog.getByLabel("What its tasks are told with").fill("no json");
    await dialog.getByText("This is no JSON object yet.").waitFor();
    await dialog.getByLabel("What its tasks are told with").fill('{ "temperature": 0.2 }');
    expect(await faultsOf(context, page)).toEqual([]);
    await dialog.getByRole("button", { name: "Make it" }).click();
    await page.getByRole("table", { name: "agent types" }).getByText("system.tasks.translator").waitFor();
  });

  it("imports accounts, and switches several off, each looked at before", async () => {
    await page.getByRole("link", { name: "Users", exact: true }).click();
    await page.getByRole("button", { name: "Import" }).click();
    const imported = page.getByRole("dialog", { name: "Import accounts" });
    const buffer = Buffer.from("email\nlin@several.test\nsam@several.test\nno address\n");
    await imported.getByLabel("File").setInputFiles({ name: "users.csv", mimeType: "text/csv", buffer });
    expect(await faultsOf(context, page)).toEqual([]);
    await imported.getByRole("button", { name: "Import" }).click();
    await imported.getByText("2 made, 1 not").waitFor();
    await imported.getByText(/^Row 4/).waitFor();
    expect(await faultsOf(context, page)).toEqual([]);
    await imported.getByRole("button", { name: "Close" }).click();
    await page.getByRole("searchbox").fill("several.test");
    await expect.poll(() => page.getByRole("table", { name: "users" }).getByRole("row").count()).toBe(3);
    await page.getByRole("checkbox", { name: "Select lin@several.test" }).check();
    await page.getByRole("link", { name: "sam@several.test" }).focus();
    await page.keyboard.press("x");
    const bar = page.getByRole("region", { name: "What is selected" });
    await bar.getByText("2 selected").waitFor();
    expect(await faultsOf(context, page)).toEqual([]);
    await bar.getByRole("button", { name: "Switch off" }).click();
    const preview = page.getByRole("dialog", { name: "Switch off: 2 accounts" });
    await preview.getByText("sam@several.test").waitFor();
    await preview.getByLabel("Reason, for the audit log").fill("Left");
    expect(await faultsOf(context, page)).toEqual([]);
    await preview.getByRole("button", { name: "Switch off" }).click();
    await page.getByText("Done for 2 of 2.").waitFor();
    expect(await faultsOf(context, page)).toEqual([]);
    await page.getByRole("button", { name: "Close" }).click();
    await expect.poll(() => page.getByText("switched off").count()).toBe(2);
  });

  it("keeps the shop: an order goes on, and a product's stock is counted", async () => {
    const { api } = await signedIn(baseUrl, "admin");
    const [customers, products] = [await api.GET("/api/v1/customers"), await api.GET("/api/v1/products")];
    const [customer, product] = [customers.data?.customers[0], products.data?.products[0]];
    const body = {
      customer_id: customer?.id ?? "",
      items: [{ product_id: product?.id ?? "", quantity: 2 }],
    };
    const { data: order } = await api.POST("/api/v1/orders", { body });
    const params = { path: { order_id: order?.id ?? "" } };
    await api.POST("/api/v1/orders/{order_id}/confirm", { params });
    await page.getByRole("link", { name: "Orders", exact: true }).click();
    await page.getByLabel("Status").selectOption("confirmed");
    await page.getByRole("table", { name: "orders" }).getByRole("link").first().click();
    await page.getByRole("heading", { level: 1, name: /^Order \d+$/ }).waitFor();
    await page.getByRole("table", { name: "Lines" }).waitFor();
    expect(await faultsOf(context, page)).toEqual([]);
    await page.getByRole("button", { name: "Record a payment" }).click();
    const payment = page.getByRole("dialog", { name: /^Payment for order/ });
    await payment.getByLabel(/^Amount/).fill("1.999");
    await payment.getByRole("button", { name: "Record" }).click();
    await payment.getByText("This is no amount in EUR.").waitFor();
    expect(await faultsOf(context, page)).toEqual([]);
    await payment.getByLabel(/^Amount/).fill("0.50");
    await payment.getByRole("button", { name: "Record" }).click();
    await page
      .getByRole("table", { name: "payments" })
      .getByText(/0[.,]50/)
      .waitFor();
    await page.getByRole("button", { name: "Fulfil" }).click();
    await page.getByRole("button", { name: "Complete" }).waitFor();
    await page.getByRole("link", { name: "Products", exact: true }).click();
    const table = page.getByRole("table", { name: "products" });
    await table
      .getByRole("button", { name: /^Stock of/ })
      .first()
      .click();
    const stock = page.getByRole("dialog", { name: /^Stock of/ });
    await stock.getByRole("table", { name: "Stock" }).waitFor();
    expect(await faultsOf(context, page)).toEqual([]);
    await stock.getByLabel("Change").fill("7");
    await stock.getByRole("button", { name: "Note it" }).click();
    await page.getByText("Noted").waitFor();
    await stock.getByRole("button", { name: "Close" }).click();
    await table.getByRole("button").first().click();
    await page.getByRole("dialog").getByLabel("SKU").waitFor();
    expect(await faultsOf(context, page)).toEqual([]);
    await page.keyboard.press("Escape");
  });

  it("is in nobody's menu who may not see it", async () => {
    const visit = await visitor(browser, baseUrl);
    visit.offences.expected = [/auth\/refresh/, /admin\/users/];
    await visit.page.goto("/console/admin/users");
    await signIn(visit.page, user);
    await visit.page.getByRole("alert").waitFor();
    expect(await visit.page.getByRole("link", { name: "Users", exact: true }).count()).toBe(0);
    expect(await visit.page.getByRole("heading", { name: "Administration" }).count()).toBe(0);
    expect(visit.offences.told).toEqual([]);
    await visit.context.close();
  });
});
