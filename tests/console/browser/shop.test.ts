import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
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
const [admin] = demo.accounts;

describe.skipIf(!browserPath)("The shop in the console", () => {
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
    await page.getByRole("link", { name: "Orders", exact: true }).waitFor();
  });
  afterAll(() => browser?.close());

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
    expect(offences.told).toEqual([]);
  });
});
