import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import { apiClient, dataOf } from "#client/index.ts";
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
const acme = { client_id: "acme_within", display_name: "Acme" };
const resident = { email: "ada@acme.test", password: "Correct-Horse-9", client_id: acme.client_id };

describe.skipIf(!browserPath)("Acting within a tenant, in the console", () => {
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let offences: Offences;

  beforeAll(async () => {
    browser = await launchBrowser();
    ({ context, page, offences } = await visitor(browser, baseUrl));
    offences.expected = [/auth\/refresh/];
    const { api } = await signedIn(baseUrl, "admin");
    dataOf(
      await api.POST("/api/v1/admin/clients", { body: { ...acme, settings: { registration: "open" } } }),
    );
    dataOf(await apiClient({ baseUrl }).POST("/api/v1/auth/register", { body: resident }));
    await page.goto(`/console/admin/tenants/${acme.client_id}`);
    await signIn(page, admin);
    await page.getByRole("heading", { level: 1, name: "Acme" }).waitFor();
  });
  afterAll(() => browser?.close());
  afterEach(() => expect(offences.told.splice(0)).toEqual([]));

  const bar = () => page.getByRole("region", { name: "Another tenant" });
  const heading = (name: string) => page.getByRole("heading", { level: 1, name, exact: true });
  const link = (name: string) => page.getByRole("link", { name, exact: true });

  it("shows that tenant alone, says so on every page, and offers nothing of one's own", async () => {
    await page.getByRole("button", { name: "Act within" }).click();
    await heading("Users").waitFor();
    await bar().getByText("You act within Acme").waitFor();
    const users = page.getByRole("table", { name: "users" });
    await users.getByText(resident.email).waitFor();
    expect(await users.getByRole("row").count()).toBe(2);
    expect(await faultsOf(context, page)).toEqual([]);
    for (const gone of ["Runs", "Inbox", "Personas", "Account", "Dashboard", "System"])
      expect(await link(gone).count()).toBe(0);
    for (const name of ["Templates", "Workflows", "Tenants", "Agents", "All runs", "Webhooks", "Orders"]) {
      await link(name).first().click();
      await heading(name).waitFor();
      await bar().waitFor();
      expect(await faultsOf(context, page)).toEqual([]);
      expect(await page.getByRole("alert").count()).toBe(0);
    }
  });

  it("changes that tenant, whose audit log has it", async () => {
    await link("Moderation").click();
    await page.getByRole("button", { name: "New rule" }).click();
    const dialog = page.getByRole("dialog", { name: "New rule" });
    await dialog.getByLabel("Name").fill("Spoken of in Acme only");
    await dialog.getByLabel("Words, one in a line").fill("nincompoop");
    await dialog.getByRole("button", { name: "Make it" }).click();
    await page.getByRole("table", { name: "rules" }).getByText("nincompoop").waitFor();
    await link("Audit").click();
    const log = page.getByRole("table", { name: "audit log" });
    await log.getByText("client.acted_within").first().waitFor();
    await log.getByText("client.entered").waitFor();
    expect(await faultsOf(context, page)).toEqual([]);
    const { api } = await signedIn(baseUrl, "admin");
    const own = dataOf(await api.GET("/api/v1/admin/moderation/rules")).rules;
    expect(own.filter(({ name }) => name === "Spoken of in Acme only")).toEqual([]);
  });

  it("is left by a button, and by a reload", async () => {
    await bar().getByRole("button", { name: "Leave" }).click();
    await heading("Acme").waitFor();
    expect(await bar().count()).toBe(0);
    await link("Inbox").waitFor();
    await page.getByText("Live", { exact: true }).first().waitFor();
    await page.getByRole("button", { name: "Act within" }).click();
    await bar().waitFor();
    await page.reload();
    await page.getByRole("table", { name: "users" }).getByText(admin.email).waitFor();
    expect(await bar().count()).toBe(0);
  });
});
