import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
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
import { signedIn } from "../../support/outside.ts";

const baseUrl = inject("baseUrl");
const [admin] = demo.accounts;

describe.skipIf(!browserPath)("A persona that others talk with, in the console", () => {
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let offences: Offences;
  let instance_id: string;

  beforeAll(async () => {
    browser = await launchBrowser();
    ({ context, page, offences } = await visitor(browser, baseUrl));
    offences.expected = [/auth\/refresh/];
    const { api } = await signedIn(baseUrl, "admin");
    const { templates } = dataOf(await api.GET("/api/v1/personas/templates"));
    const template_id = templates.find(({ name }) => name === "Copywriter")?.id ?? "";
    const body = { template_id, name: "On our pages" };
    instance_id = dataOf(await api.POST("/api/v1/personas/instances", { body })).id;
    await page.goto(`/console/personas/${instance_id}`);
    await signIn(page, admin);
    await page.getByRole("heading", { level: 1, name: "On our pages" }).waitFor();
  });
  afterAll(() => browser?.close());
  afterEach(() => expect(offences.told.splice(0)).toEqual([]));

  const params = () => ({ path: { instance_id } });

  it("is published by a form, which keeps what it has no field for, and says what is missing", async () => {
    const { api } = await signedIn(baseUrl, "admin");
    const triggers = { words: [], unhelpful_turns: true, wants_human: false, sentiment_below: null };
    dataOf(
      await api.PUT("/api/v1/personas/instances/{instance_id}/chat", {
        params: params(),
        body: { enabled: false, handover: { enabled: true, triggers } },
      }),
    );
    await page.getByRole("tab", { name: "Chat" }).click();
    const form = page.getByRole("form", { name: "Chat" });
    await form.getByLabel("Others may talk with it").check();
    await form.getByRole("combobox", { name: /^Who/ }).selectOption("Visitors of its widgets as well");
    offences.expected.push(/instances\/[^/]+\/chat$/);
    await form.getByRole("button", { name: "Save" }).click();
    await page.getByText(/public needs a bound for each day/).waitFor();
    await form.getByLabel("Answers a day to anybody but you").fill("50");
    await form.getByLabel("Greeting").fill("What may I do for you?");
    await form.getByLabel("Words that bring one, one in a line").fill("a real person\nhelp desk");
    expect(await faultsOf(context, page)).toEqual([]);
    await form.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved", { exact: true }).waitFor();
    const chat = dataOf(await api.GET("/api/v1/personas/instances/{instance_id}/chat", { params: params() }));
    expect(chat).toMatchObject({
      enabled: true,
      audience: "public",
      daily_turns_per_person: 50,
      greeting: "What may I do for you?",
      handover: { enabled: true, triggers: { words: ["a real person", "help desk"], unhelpful_turns: true } },
    });
  });

  it("is shown on other pages by a widget, which is made, changed, given another secret, and taken away", async () => {
    // Others of these tests have widgets as well.
    const name = `Shop ${crypto.randomUUID()}`;
    await page.getByRole("link", { name: "Widgets" }).click();
    await page.getByRole("heading", { level: 1, name: "Widgets" }).waitFor();
    await page.getByRole("button", { name: "New widget" }).click();
    const made = page.getByRole("dialog", { name: "New widget" });
    await made.getByLabel("Name").fill(name);
    await made.getByLabel("Persona's id").fill(instance_id);
    await made.getByLabel("Pages that may show it, one in a line").fill("https://www.example.com");
    await made.getByLabel("Colour").fill("#1f5fbf");
    expect(await faultsOf(context, page)).toEqual([]);
    await made.getByRole("button", { name: "Make it" }).click();
    const secret = page.getByRole("dialog", { name: "Its secret, shown this once" });
    const first = await secret.locator("code").textContent();
    expect(first?.length).toBeGreaterThan(20);
    expect(await faultsOf(context, page)).toEqual([]);
    await secret.getByRole("button", { name: "I have it" }).click();
    const table = page.getByRole("table", { name: "widgets" });
    await table.getByText("https://www.example.com").waitFor();
    expect(await faultsOf(context, page)).toEqual([]);

    const opened = async () => {
      await table.getByRole("button", { name }).click();
      return page.getByRole("dialog", { name });
    };
    const changed = await opened();
    await changed.getByText(/<persona-chat widget="wk_/).waitFor();
    expect(await changed.getByLabel("Colour").inputValue()).toBe("#1f5fbf");
    await changed.getByLabel("Above the conversation").fill("Ask us");
    expect(await faultsOf(context, page)).toEqual([]);
    await changed.getByRole("button", { name: "Save" }).click();
    await changed.waitFor({ state: "hidden" });
    const { api } = await signedIn(baseUrl, "admin");
    const { widgets } = dataOf(await api.GET("/api/v1/widgets"));
    expect(widgets.find((widget) => widget.name === name)).toMatchObject({
      instance_id,
      theme: { accent: "#1f5fbf" },
      texts: { title: "Ask us" },
    });
    await (await opened()).getByRole("button", { name: "New secret" }).click();
    expect(await secret.locator("code").textContent()).not.toBe(first);
    await secret.getByRole("button", { name: "I have it" }).click();
    await (await opened()).getByRole("button", { name: "Switch off" }).click();
    await table.getByRole("row", { name }).getByText("switched off").waitFor();
    const gone = await opened();
    await gone.getByRole("button", { name: "Delete", exact: true }).click();
    await gone.getByRole("button", { name: "Delete it for good" }).click();
    await table.getByRole("button", { name }).waitFor({ state: "hidden" });
  });

  it("has conversations that are muted by who takes part, and whose owner the staff bans from there", async () => {
    const { api } = await signedIn(baseUrl, "admin");
    const begun = { instance_id, title: "Of quokkas", message: "Where do they live?" };
    const { id } = dataOf(await api.POST("/api/v1/conversations", { body: begun })).conversation;
    await page.goto(`/console/conversations?chat=${id}`);
    const mute = page.getByRole("button", { name: "Mute" });
    await mute.click();
    await expect.poll(() => mute.getAttribute("aria-pressed")).toBe("true");
    expect(await faultsOf(context, page)).toEqual([]);
    const muted = async () => {
      const { conversations } = dataOf(await api.GET("/api/v1/conversations"));
      return conversations.find((row) => row.id === id)?.muted;
    };
    await expect.poll(muted, { timeout: 10_000 }).toBe(true);
    await mute.click();
    await expect.poll(muted, { timeout: 10_000 }).toBe(false);

    const { api: person } = await signedIn(baseUrl);
    const theirs = dataOf(await person.POST("/api/v1/conversations", { body: begun })).conversation;
    await page.goto(`/console/admin/conversations?chat=${theirs.id}`);
    await page.getByRole("button", { name: "Ban…" }).click();
    const dialog = page.getByRole("dialog", { name: "Ban this person?" });
    await dialog.getByLabel("Reason, for the staff").fill("Threats");
    expect(await faultsOf(context, page)).toEqual([]);
    await dialog.getByRole("button", { name: "Ban", exact: true }).click();
    await page.getByText("Banned", { exact: true }).waitFor();
    const { bans } = dataOf(await api.GET("/api/v1/admin/bans"));
    const mine = bans.find(({ reason }) => reason === "Threats");
    expect(mine?.person_id).toBe(theirs.owner_id);
    // Others of these tests talk as the same person.
    await api.DELETE("/api/v1/admin/bans/{ban_id}", { params: { path: { ban_id: mine?.id ?? "" } } });
  });
});
