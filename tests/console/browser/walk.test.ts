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
import { eventually, signedIn } from "../../support/outside.ts";

const baseUrl = inject("baseUrl");
const [, user] = demo.accounts;

/** One story, in its order: what somebody does on their first day. */
describe.skipIf(!browserPath)("The console", () => {
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let offences: Offences;

  beforeAll(async () => {
    browser = await launchBrowser();
    ({ context, page, offences } = await visitor(browser, baseUrl));
  });
  afterAll(() => browser?.close());
  afterEach(() => {
    expect(offences.told.splice(0)).toEqual([]);
    offences.expected = [];
  });

  const heading = (name: string) => page.getByRole("heading", { level: 1, name, exact: true });
  const link = (name: string) => page.getByRole("link", { name, exact: true });

  it("shows a stranger the door, whatever they ask for, and refuses a wrong password", async () => {
    offences.expected = [/auth\/(refresh|login)/];
    await page.goto("/console/runs?status=failed");
    await heading("Sign in").waitFor();
    await signIn(page, { ...user, password: "Wrong-Horse-1" });
    await page.getByRole("alert").waitFor();
    expect(await faultsOf(context, page)).toEqual([]);
  });

  it("lets them in to where they wanted to go", async () => {
    offences.expected = [/auth\/refresh/];
    await signIn(page, user);
    await heading("Runs").waitFor();
    expect(new URL(page.url()).search).toBe("?status=failed");
    expect(await page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]")).toEqual([
      0,
      0,
      "",
    ]);
  });

  it("makes a persona of a template, and says at its field what is missing", async () => {
    await page.getByRole("link", { name: "Personas" }).click();
    await heading("Personas").waitFor();
    await page.getByRole("button", { name: "Make one from Illustrated article" }).click();
    await heading("Illustrated article").waitFor();
    await page.getByRole("button", { name: "Execute" }).click();
    const topic = page.getByRole("textbox", { name: "Topic" });
    await expect.poll(() => topic.getAttribute("aria-invalid")).toBe("true");
    await page.getByText("This is needed").waitFor();
    expect(await page.locator(":focus").getAttribute("id")).toBe(await topic.getAttribute("id"));
  });

  it("executes it, and shows what is written until it waits for a person", async () => {
    await page.getByRole("textbox", { name: "Topic" }).fill("The night train to Lisbon");
    await page.keyboard.press("Control+Enter");
    await page
      .getByRole("region", { name: "Result" })
      .getByText("Waiting for you", { exact: true })
      .waitFor();
    expect(await faultsOf(context, page)).toEqual([]);
  });

  it("has the question in the inbox, where keys answer it", async () => {
    await page.getByRole("heading", { level: 1 }).focus();
    await page.keyboard.press("g");
    await page.keyboard.press("i");
    await heading("Inbox").waitFor();
    await page.getByRole("heading", { name: "Do you approve the article?" }).waitFor();
    expect(await page.title()).toBe("(1) Inbox · Persona Edge");
    expect(await faultsOf(context, page)).toEqual([]);
    await page.keyboard.press("a");
    await page.getByRole("textbox", { name: "Feedback" }).fill("Good as it is");
    await page.keyboard.press("Control+Enter");
    await page.getByRole("heading", { name: "Nothing waits for you" }).waitFor();
    expect(await faultsOf(context, page)).toEqual([]);
  });

  it("shows the run to its end, live, step by step", async () => {
    await link("Runs").first().click();
    await page.getByRole("table", { name: "Runs" }).getByRole("link").first().click();
    await heading("Illustrated article").waitFor();
    await page.locator("header").getByText("Completed", { exact: true }).waitFor();
    const graph = page.getByRole("region", { name: "Plan as a graph" });
    await graph.getByRole("button", { name: /^approve/ }).click();
    await page.getByRole("heading", { name: "approve" }).waitFor();
    expect(new URL(page.url()).search).toBe("?step=approve");
    await page.keyboard.press("ArrowRight");
    await page.getByRole("heading", { name: "review" }).waitFor();
    expect(await faultsOf(context, page)).toEqual([]);
    for (const name of ["Input", "Attempts", "Config", "Raw"]) {
      await page.getByRole("tab", { name, exact: true }).click();
      expect(await faultsOf(context, page)).toEqual([]);
    }
  });

  it("shows its events, its input and its result", async () => {
    await page.getByRole("tab", { name: "Events" }).click();
    await page.getByRole("table", { name: "Events" }).getByText("completed", { exact: true }).waitFor();
    expect(await faultsOf(context, page)).toEqual([]);
    await page.getByRole("tab", { name: "Input and result" }).click();
    await page.getByText("The night train to Lisbon", { exact: true }).first().waitFor();
    expect(await faultsOf(context, page)).toEqual([]);
  });

  it("repeats a run with its input, and says why another has failed", async () => {
    await link("Run again").click();
    const topic = page.getByRole("textbox", { name: "Topic" });
    await expect.poll(() => topic.inputValue()).toBe("The night train to Lisbon");
    await topic.fill("umbrellas #fail");
    await page.getByRole("button", { name: "Execute" }).click();
    const result = page.getByRole("region", { name: "Result" });
    await result.getByText("Failed", { exact: true }).waitFor();
    await result.getByRole("link", { name: "open the run" }).click();
    await page.getByRole("region", { name: "Why it failed" }).waitFor();
    expect(await faultsOf(context, page)).toEqual([]);
  });

  it("finds runs by what they are, and says where none fits", async () => {
    await link("Runs").first().click();
    await page.getByLabel("Status").selectOption("Failed");
    await expect.poll(() => page.getByRole("table", { name: "Runs" }).getByRole("row").count()).toBe(2);
    expect(await faultsOf(context, page)).toEqual([]);
    await page.getByRole("searchbox", { name: "Persona, id or error" }).fill("nobody");
    await page.getByRole("heading", { name: "No run fits" }).waitFor();
    await page.getByRole("button", { name: "Clear the filters" }).click();
    await page.getByRole("table", { name: "Runs" }).waitFor();
  });

  it("finds everything by Ctrl K, and gives the focus back", async () => {
    await page.keyboard.press("Control+k");
    const box = page.getByRole("combobox", { name: "Page, persona, run or words" });
    await box.fill("illust");
    await page.getByRole("option", { name: /Illustrated article.*Persona/ }).waitFor();
    expect(await faultsOf(context, page)).toEqual([]);
    await box.press("Escape");
    await expect.poll(() => box.count()).toBe(0);
    await page.keyboard.press("Control+k");
    await box.fill("usage");
    await box.press("Enter");
    await heading("Usage").waitFor();
  });

  it("tells of the day, and of every key", async () => {
    await link("Home").click();
    await heading("Home").waitFor();
    expect(await faultsOf(context, page)).toEqual([]);
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keyboard" }).waitFor();
    expect(await faultsOf(context, page)).toEqual([]);
    await page.keyboard.press("Escape");
  });

  it("shows what a persona remembers, has drawn, is set to and has logged", async () => {
    await link("Personas").click();
    await page.getByRole("heading", { name: "Illustrated article" }).first().getByRole("link").click();
    await page.getByRole("tab", { name: "Memory" }).click();
    await page.getByRole("button", { name: "Add" }).click();
    const dialog = page.getByRole("dialog", { name: "Add a memory" });
    await dialog.getByLabel("What to remember").fill("Readers like night trains");
    await dialog.getByRole("button", { name: "Add" }).click();
    await page.getByRole("table", { name: "Memories" }).getByText("Readers like night trains").waitFor();
    expect(await faultsOf(context, page)).toEqual([]);
    for (const [tab, sign] of [
      ["Images", page.getByRole("img", { name: "Picture of step" }).first()],
      ["Settings", page.getByLabel("Configuration")],
      ["Log", page.getByRole("table", { name: "Log" })],
    ] as const) {
      await page.getByRole("tab", { name: tab }).click();
      await sign.waitFor();
      expect(await faultsOf(context, page)).toEqual([]);
    }
  });

  it("shows what was used, and who one is", async () => {
    await link("Usage").click();
    await page.getByRole("img", { name: "Fuel by day" }).waitFor();
    expect(await faultsOf(context, page)).toEqual([]);
    await link("Account").click();
    await page.getByRole("table", { name: "Sessions" }).waitFor();
    expect(await faultsOf(context, page)).toEqual([]);
    await page.getByRole("radio", { name: "Dark" }).check();
    expect(await page.evaluate("getComputedStyle(document.body).colorScheme")).toBe("dark");
    await page.getByRole("radio", { name: "As the browser" }).check();
  });

  it("hears of what happens elsewhere within a second", async () => {
    await link("Runs").first().click();
    const rows = page.getByRole("table", { name: "Runs" }).getByRole("row");
    const before = await rows.count();
    const { api } = await signedIn(baseUrl);
    const { data } = await api.GET("/api/v1/personas/instances");
    const params = { path: { instance_id: data?.instances[0]?.id ?? "" } };
    await api.POST("/api/v1/personas/instances/{instance_id}/execute", {
      params,
      body: { input: { topic: "tea" } },
    });
    await expect.poll(() => rows.count()).toBe(before + 1);
  });

  it("says the same of a run that is not there and of one that is somebody else's", async () => {
    offences.expected = [/personas\/runs\//];
    await page.goto("/console/runs/01a21ffb-0633-7086-ba9f-99590c8ffe00");
    await page.getByRole("alert").getByText("Not found").waitFor();
    await page.goto("/console/nowhere");
    await heading("Not found").waitFor();
    expect(await faultsOf(context, page)).toEqual([]);
  });

  it("is at the door within 5 s of a session's end elsewhere", async () => {
    offences.expected = [/api\/v1\//];
    await page.goto("/console/runs");
    await heading("Runs").waitFor();
    await page.getByText("Live", { exact: true }).first().waitFor();
    const { api } = await signedIn(baseUrl);
    await api.DELETE("/api/v1/user/sessions");
    await heading("Sign in").waitFor({ timeout: 10_000 });
  });

  it("ends in every tab when it ends in one, and trades one token for tabs that wake up together", async () => {
    offences.expected = [/auth\/(refresh|session)/];
    await signIn(page, user);
    await heading("Runs").waitFor();
    let trades = 0;
    await context.route("**/auth/refresh", async (route) => {
      trades++;
      // The first answer waits until all the others wait for it.
      await eventually(async () => ((await waitingTabs(page)) >= 2 ? true : undefined));
      await route.continue();
    });
    const tabs = await Promise.all(Array.from({ length: 3 }, () => context.newPage()));
    await Promise.all(tabs.map((tab) => tab.goto("/console/runs")));
    for (const tab of tabs) await tab.getByRole("heading", { level: 1, name: "Runs" }).waitFor();
    expect(trades).toBe(1);
    await context.unroute("**/auth/refresh");
    await page.getByRole("button", { name: "Sign out" }).click();
    for (const tab of [page, ...tabs])
      await tab.getByRole("heading", { level: 1, name: "Sign in" }).waitFor();
  });
});

/** How many tabs wait for the lock of the trade. */
const waitingTabs = async (page: Page): Promise<number> =>
  Number(await page.evaluate("navigator.locks.query().then(({ pending }) => pending.length)"));
