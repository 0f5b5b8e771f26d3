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

describe.skipIf(!browserPath)("What is not wanted in conversations, in the console", () => {
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let offences: Offences;

  beforeAll(async () => {
    browser = await launchBrowser();
    ({ context, page, offences } = await visitor(browser, baseUrl));
    offences.expected = [/auth\/refresh/];
    await page.goto("/console/admin/moderation");
    await signIn(page, admin);
    await page.getByRole("heading", { level: 1, name: "Moderation" }).waitFor();
  });
  afterAll(() => browser?.close());
  afterEach(() => expect(offences.told.splice(0)).toEqual([]));

  const rules = async () => {
    const { api } = await signedIn(baseUrl, "admin");
    return dataOf(await api.GET("/api/v1/admin/moderation/rules")).rules;
  };

  it("is said by a rule, which is changed, switched off and taken away", async () => {
    await page.getByRole("button", { name: "New rule" }).click();
    const made = page.getByRole("dialog", { name: "New rule" });
    await made.getByLabel("Name").fill("Insults");
    await made.getByLabel("Words, one in a line").fill("nincompoop\nsilly goose");
    await made.getByLabel("A message that fits is").selectOption({ label: "Refused, sender banned" });
    await made.getByLabel(/^Minutes/).fill("10");
    expect(await faultsOf(context, page)).toEqual([]);
    await made.getByRole("button", { name: "Make it" }).click();
    const table = page.getByRole("table", { name: "rules" });
    await table.getByText("nincompoop, silly goose").waitFor();
    expect(await faultsOf(context, page)).toEqual([]);
    const words = ["nincompoop", "silly goose"];
    expect(await rules()).toMatchObject([{ name: "Insults", words, action: "ban", ban_seconds: 600 }]);

    const opened = async () => {
      await table.getByRole("button", { name: "Insults" }).click();
      return page.getByRole("dialog", { name: "Insults" });
    };
    const changed = await opened();
    await changed.getByLabel("Words, one in a line").fill("nincompoop");
    await changed.getByLabel("A message that fits is").selectOption({ label: "Held" });
    await changed.getByRole("button", { name: "Save" }).click();
    await table.getByText("Held", { exact: true }).waitFor();
    await (await opened()).getByRole("button", { name: "Switch off" }).click();
    await table.getByText("switched off").waitFor();
    expect(await rules()).toMatchObject([
      { words: ["nincompoop"], action: "hold", ban_seconds: null, is_active: false },
    ]);
    const gone = await opened();
    await gone.getByRole("button", { name: "Delete", exact: true }).click();
    await gone.getByRole("button", { name: "Delete it for good" }).click();
    await gone.waitFor({ state: "hidden" });
    await page.getByRole("heading", { name: "Anything may be said" }).waitFor();
  });

  it("tells what is wrong with a rule that looks for nothing, and keeps what was written", async () => {
    offences.expected.push(/admin\/moderation\/rules/);
    await page.getByRole("button", { name: "New rule" }).click();
    const dialog = page.getByRole("dialog", { name: "New rule" });
    await dialog.getByLabel("Name").fill("Nothing");
    await dialog.getByRole("button", { name: "Make it" }).click();
    await page.getByText(/`words`, `pattern`, or both/).waitFor();
    expect(await dialog.getByLabel("Name").inputValue()).toBe("Nothing");
    await dialog.getByRole("button", { name: "Cancel" }).click();
  });

  it("bans a person, and lifts the ban", async () => {
    const account = { email: "banned@demo.test", password: "Correct-Horse-9", client_id: demo.clientId };
    const { user } = dataOf(await apiClient({ baseUrl }).POST("/api/v1/auth/register", { body: account }));
    await page.getByRole("link", { name: "Bans", exact: true }).click();
    await page.getByRole("button", { name: "New ban" }).click();
    const dialog = page.getByRole("dialog", { name: "New ban" });
    await dialog.getByLabel("Id of the person").fill(user.id);
    await dialog.getByLabel("Reason, for the staff").fill("Threats");
    await dialog.getByLabel("Until, nothing for good").fill("2099-01-01T00:00");
    expect(await faultsOf(context, page)).toEqual([]);
    await dialog.getByRole("button", { name: "Ban", exact: true }).click();
    const table = page.getByRole("table", { name: "bans" });
    await table.getByText("Threats").waitFor();
    await table.getByText(/2099/).waitFor();
    expect(await faultsOf(context, page)).toEqual([]);
    await table.getByRole("button", { name: `Lift the ban of …${user.id.slice(-8)}` }).click();
    await page.getByRole("dialog", { name: "Lift the ban" }).getByRole("button", { name: "Lift it" }).click();
    await page.getByRole("heading", { name: "Nobody is banned" }).waitFor();
  });
});
