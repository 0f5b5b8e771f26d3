import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import { z } from "zod";
import { dataOf } from "#client/index.ts";
import { demo } from "#scripts/local/options.ts";
import {
  browserPath,
  faultsOf,
  launchBrowser,
  type Offences,
  signIn,
  visitor,
} from "../../support/browser.ts";
import { instanceWith, signedIn } from "../../support/outside.ts";

const baseUrl = inject("baseUrl");
const [, user] = demo.accounts;

/** In a page: what it tells the desktop, which a browser without a screen does not show; and that nobody looks. */
const recordNotices = `globalThis.notices = [];
  globalThis.Notification = class { constructor(title, { body }) { globalThis.notices.push(title + ": " + body); }
    static permission = "granted"; static requestPermission = async () => "granted"; };
  Object.defineProperty(document, "hidden", { get: () => globalThis.nobodyLooks === true });`;

describe.skipIf(!browserPath)("One's own account in the console", () => {
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let offences: Offences;

  beforeAll(async () => {
    browser = await launchBrowser();
    ({ context, page, offences } = await visitor(browser, baseUrl));
    await context.addInitScript({ content: recordNotices });
    offences.expected = [/auth\/refresh/];
    await page.goto("/console/account");
    await signIn(page, user);
    await page.getByRole("heading", { level: 1, name: "Account" }).waitFor();
  });
  afterAll(() => browser?.close());
  afterEach(() => expect(offences.told.splice(0)).toEqual([]));

  /** The console hears keys once it has come; somebody who sees nothing presses once more. */
  const opens = (key: string, name: string) =>
    expect
      .poll(
        async () => {
          await page.keyboard.press(key);
          return page.getByRole("dialog", { name }).isVisible();
        },
        { timeout: 15_000 },
      )
      .toBe(true);

  it("has a switch for single keys, which then do nothing, and one that lets them again", async () => {
    const keys = page.getByLabel("Single-key shortcuts");
    await opens("Control+k", "Find everything");
    await page.keyboard.press("Escape");
    await keys.uncheck();
    const heading = page.getByRole("heading", { level: 1 });
    await heading.focus();
    await page.keyboard.press("?");
    await page.keyboard.press("g");
    await page.keyboard.press("r");
    // A key with Ctrl means something still, and comes after those.
    await opens("Control+k", "Find everything");
    await page.keyboard.press("Escape");
    expect(await page.getByRole("dialog", { name: "Keyboard" }).count()).toBe(0);
    expect(await heading.textContent()).toBe("Account");
    await page.reload();
    expect(await keys.isChecked()).toBe(false);
    await keys.check();
    await heading.focus();
    await opens("?", "Keyboard");
    await page.keyboard.press("Escape");
  });

  it("gives all of one's own data as a file", async () => {
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Download my data" }).click(),
    ]);
    expect(file.suggestedFilename()).toBe("my-data.json");
    const chunks = await (await file.createReadStream()).toArray();
    const data = z
      .object({ account: z.object({ email: z.string() }), complete: z.literal(true) })
      .parse(JSON.parse(Buffer.concat(chunks).toString()));
    expect(data.account.email).toBe(user.email);
    expect(await faultsOf(context, page)).toEqual([]);
  });

  it("tells the desktop of decisions that wait, once asked to, while nobody looks", async () => {
    await page.getByLabel("Desktop notifications").check();
    await page.evaluate("globalThis.nobodyLooks = true");
    const { api: administrator } = await signedIn(baseUrl, "admin");
    const { api } = await signedIn(baseUrl);
    const instance_id = await instanceWith(
      { administrator, user: api },
      {
        start_step: "ask",
        steps: { ask: { action: "pause_for_human_input", description: "Shall it rain?" } },
      },
    );
    const params = { path: { instance_id } };
    await api.POST("/api/v1/personas/instances/{instance_id}/execute", { params, body: {} });
    await expect
      .poll(() => page.evaluate("globalThis.notices"))
      .toEqual(["A decision waits: Shall it rain?"]);
  });

  it("has runs of one project, where there are projects", async () => {
    const { api } = await signedIn(baseUrl);
    const { id: project_id } = dataOf(await api.POST("/api/v1/projects", { body: { name: "Weather" } }));
    const { templates } = dataOf(await api.GET("/api/v1/personas/templates"));
    const template_id = templates[0]?.id ?? "";
    const made = await api.POST("/api/v1/personas/instances", {
      body: { template_id, name: "Forecaster", project_id },
    });
    const params = { path: { instance_id: dataOf(made).id } };
    const body = { input: { topic: "rain" } };
    dataOf(await api.POST("/api/v1/personas/instances/{instance_id}/execute", { params, body }));
    await page.getByRole("link", { name: "Runs", exact: true }).click();
    await page.getByLabel("Project").selectOption("Weather");
    const rows = page.getByRole("table", { name: "Runs" }).getByRole("row");
    await expect.poll(() => rows.count()).toBe(2);
    await rows.getByRole("link", { name: /^Forecaster/ }).waitFor();
    expect(new URL(page.url()).searchParams.get("project_id")).toBe(project_id);
    expect(await faultsOf(context, page)).toEqual([]);
  });
});
