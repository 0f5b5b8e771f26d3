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
  ["Moderation", (page) => page.getByRole("button", { name: "New rule" })],
  ["Bans", (page) => page.getByRole("button", { name: "New ban" })],
  ["Widgets", (page) => page.getByRole("button", { name: "New widget" })],
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
    const { api } = await signedIn(baseUrl);
    const { data: choices } = await api.GET("/api/v1/personas/templates");
    const template_id = choices?.templates[0]?.id ?? "";
    await api.POST("/api/v1/personas/instances", { body: { template_id, name: "Looked at" } });
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

  it("shows a tenant with its settings, which are changed as they are written", async () => {
    await page.getByRole("link", { name: "Tenants", exact: true }).click();
    await page
      .getByRole("table", { name: "tenants" })
      .getByRole("link", { name: "Demo", exact: true })
      .click();
    await page.getByRole("img", { name: "Runs by day" }).waitFor();
    await page.getByRole("table", { name: "agents" }).waitFor();
    expect(await faultsOf(context, page)).toEqual([]);
    const form = page.getByRole("form", { name: "Settings", exact: true });
    await form.getByLabel("Settings as JSON").fill('{ "registration": "open", "motto": "tea" }');
    await form.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved", { exact: true }).waitFor();
    const { api } = await signedIn(baseUrl, "admin");
    const params = { path: { client_id: demo.clientId } };
    const settings = async () =>
      (await api.GET("/api/v1/admin/clients/{client_id}", { params })).data?.settings;
    expect(await settings()).toEqual({ registration: "open", motto: "tea" });
    await form.getByLabel("Settings as JSON").fill('{ "registration": "open" }');
    await form.getByRole("button", { name: "Save" }).click();
    await expect.poll(settings).toEqual({ registration: "open" });
  });

  it("has a tenant's conversations given out in turn, and kept for so long", async () => {
    const form = page.getByRole("form", { name: "Conversations", exact: true });
    await form
      .getByLabel("Those that wait for a person")
      .selectOption({ label: "are given to who of the staff is there, in turn" });
    await form.getByLabel(/^Minutes that a message may wait/).fill("30");
    await form.getByLabel(/until it is erased$/).fill("365");
    await form.getByLabel(/reopens one that has ended/).uncheck();
    expect(await faultsOf(context, page)).toEqual([]);
    await form.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved: so conversations are held and kept").waitFor();
    const { api } = await signedIn(baseUrl, "admin");
    const params = { path: { client_id: demo.clientId } };
    const read = async () => (await api.GET("/api/v1/admin/clients/{client_id}", { params })).data?.settings;
    const held = {
      assignment: "round_robin",
      holder_idle_seconds: 1800,
      retention_days: 365,
      reopen_ended: false,
    };
    expect(await read()).toEqual({ registration: "open", ...held });
    // What is set is shown again, and what is left empty is taken out.
    await expect.poll(() => form.getByLabel(/^Minutes that a message may wait/).inputValue()).toBe("30");
    await form.getByLabel("Those that wait for a person").selectOption("manual");
    await form.getByLabel(/^Minutes that a message may wait/).fill("");
    await form.getByLabel(/until it is erased$/).fill("");
    await form.getByLabel(/reopens one that has ended/).check();
    await form.getByRole("button", { name: "Save" }).click();
    await expect.poll(read).toEqual({ registration: "open", assignment: "manual", reopen_ended: true });
    const settings = { assignment: null, reopen_ended: null };
    await api.PUT("/api/v1/admin/clients/{client_id}", { params, body: { settings } });
  });

  it("shows a persona of somebody's, and switches it off with a reason", async () => {
    await page.getByRole("link", { name: "Agents", exact: true }).click();
    await page.getByRole("table", { name: "agents" }).getByRole("link", { name: "Looked at" }).click();
    await page.getByRole("heading", { name: "Configuration" }).waitFor();
    expect(await faultsOf(context, page)).toEqual([]);
    for (const [action, then] of [
      ["Switch off", "Switch on"],
      ["Switch on", "Switch off"],
    ] as const) {
      await page.getByRole("button", { name: action }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel("Reason, for the audit log").fill("Looked at");
      await dialog.getByRole("button", { name: action }).click();
      await page.getByRole("button", { name: then }).waitFor();
    }
    await page.getByRole("button", { name: "Send its tasks again" }).click();
    await page.getByText("Its tasks that hang are sent again").waitFor();
  });

  it("changes a key of the configuration", async () => {
    await page.getByRole("link", { name: "System", exact: true }).click();
    const table = page.getByRole("table", { name: "Configuration" });
    await table.getByRole("button", { name: "log_level" }).click();
    const dialog = page.getByRole("dialog", { name: "log_level" });
    await dialog.getByLabel("Value").fill('{ "log_level": "info" }');
    expect(await faultsOf(context, page)).toEqual([]);
    await dialog.getByRole("button", { name: "Save" }).click();
    await table.getByText('"info"').waitFor();
  });

  it("saves a template after a look at what changes, and shows what somebody else has saved meanwhile", async () => {
    await page.getByRole("link", { name: "Templates", exact: true }).click();
    await page.getByRole("table").getByRole("link", { name: "Researcher" }).click();
    await page.getByRole("button", { name: "Copy", exact: true }).click();
    await page.getByRole("heading", { level: 1, name: "Researcher (copy)" }).waitFor();
    const editor = page.getByRole("textbox", { name: /^Configuration as YAML/ });
    await editor.click();
    await page.keyboard.press("Control+Home");
    await page.keyboard.insertText("model: model-of-mine #");
    const { api } = await signedIn(baseUrl, "admin");
    const params = { path: { template_id: new URL(page.url()).pathname.split("/").at(-1) ?? "" } };
    await api.PUT("/api/v1/templates/{template_id}", { params, body: { description: "Theirs" } });
    await page.getByRole("button", { name: "Save" }).click();
    const dialog = page.getByRole("dialog", { name: "Save version 2" });
    await dialog.getByText("This changes version 1.").waitFor();
    await dialog.getByText("new: model: model-of-mine").waitFor();
    expect(await faultsOf(context, page)).toEqual([]);
    offences.expected.push(/api\/v1\/templates/);
    await dialog.getByRole("button", { name: "Save it" }).click();
    const again = page.getByRole("dialog", { name: "Save version 3" });
    await again.getByText(/^Version 2 was saved meanwhile/).waitFor();
    await again.getByRole("button", { name: "Save over theirs" }).click();
    await page.getByText("Saved as version 3").waitFor();
    const { data } = await api.GET("/api/v1/templates/{template_id}", { params });
    expect(data).toMatchObject({ version: 3, description: "Theirs", config: { model: "model-of-mine" } });
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
