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

const baseUrl = inject("baseUrl");
const [admin, user] = demo.accounts;

/** Each page of administration, with something that is on it once it is there. */
const tour: [name: string, sign: (page: Page) => ReturnType<Page["getByRole"]>][] = [
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
