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
const [, user] = demo.accounts;

describe.skipIf(!browserPath)("Several runs in the console", () => {
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
    const body = { template_id, name: "Several" };
    const { data: instance } = await api.POST("/api/v1/personas/instances", { body });
    const params = { path: { instance_id: instance?.id ?? "" } };
    const input = { input: { topic: "tea" } };
    for (let count = 0; count < 2; count++)
      await api.POST("/api/v1/personas/instances/{instance_id}/execute", { params, body: input });
  });
  afterAll(() => browser?.close());

  it("are selected by a key or a box, compared, and executed again at once", async () => {
    await page.goto("/console/runs");
    await signIn(page, user);
    await page.locator("[data-row]").first().focus();
    await page.keyboard.press("x");
    await page.getByText("1 selected").waitFor();
    await page
      .getByRole("checkbox", { name: /^Select / })
      .nth(1)
      .check();
    await page.getByText("2 selected").waitFor();
    expect(await faultsOf(context, page)).toEqual([]);
    await page.getByRole("link", { name: "Compare" }).click();
    await page.getByRole("heading", { level: 1, name: "Two runs" }).waitFor();
    await page.getByRole("table", { name: "Steps of both" }).waitFor();
    expect(await faultsOf(context, page)).toEqual([]);
    await page.goBack();
    await page.locator("[data-row]").first().click();
    await page.getByRole("tab", { name: "Events" }).waitFor();
    await page.getByRole("button", { name: "More", exact: true }).click();
    expect(await faultsOf(context, page)).toEqual([]);
    await page.getByRole("button", { name: "Compare with another run" }).click();
    const others = page.getByRole("dialog", { name: "Compare with" });
    await others.getByRole("link").first().waitFor();
    expect(await faultsOf(context, page)).toEqual([]);
    await others.getByRole("link").first().click();
    await page.getByRole("heading", { level: 1, name: "Two runs" }).waitFor();
    await page.goto("/console/runs");
    await page.locator("[data-row]").first().focus();
    await page.keyboard.press("x");
    await page.locator("[data-row]").nth(1).focus();
    await page.keyboard.press("x");
    await page.getByText("2 selected").waitFor();
    await page.getByRole("button", { name: "Execute again" }).click();
    await page.getByText(/^\d of 2 executed again/).waitFor();
    expect(await page.getByText("2 selected").count()).toBe(0);
    expect(offences.told).toEqual([]);
  });
});
