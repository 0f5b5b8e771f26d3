import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import { dataOf } from "#client/index.ts";
import { demo } from "#scripts/local/options.ts";
import type { Plan } from "#src/engine/plans/plan.ts";
import {
  browserPath,
  faultsOf,
  launchBrowser,
  type Offences,
  signIn,
  visitor,
} from "../../support/browser.ts";
import { eventually, instanceWith, signedIn } from "../../support/outside.ts";

const baseUrl = inject("baseUrl");
const [, user] = demo.accounts;

const asking = (description: string): Plan => ({
  start_step: "ask",
  steps: {
    ask: { action: "pause_for_human_input", description, next_step: "done", timeout_seconds: 90_000 },
    done: { action: "complete_workflow", description: "" },
  },
});

describe.skipIf(!browserPath)("The console's inbox", () => {
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let offences: Offences;
  let instance: string;

  beforeAll(async () => {
    browser = await launchBrowser();
    ({ context, page, offences } = await visitor(browser, baseUrl));
    offences.expected = [/auth\/refresh/];
    const { api: administrator } = await signedIn(baseUrl, "admin");
    const { api } = await signedIn(baseUrl);
    instance = await instanceWith({ administrator, user: api }, asking("Shall it rain?"));
    const other = await instanceWith({ administrator, user: api }, asking("Shall the sun shine?"));
    for (const instance_id of [instance, instance, instance, other]) {
      const params = { path: { instance_id } };
      dataOf(await api.POST("/api/v1/personas/instances/{instance_id}/execute", { params, body: {} }));
    }
    await page.goto("/console/inbox");
    await signIn(page, user);
    await page.getByRole("heading", { level: 1, name: "Inbox" }).waitFor();
  });
  afterAll(() => browser?.close());
  afterEach(() => expect(offences.told.splice(0)).toEqual([]));

  const rows = () => page.getByRole("list", { name: "What waits" }).getByRole("listitem");

  it("is narrowed to a persona or a kind, in its address, and says where nothing fits", async () => {
    // Others of these tests ask the same person.
    await expect.poll(() => rows().count()).toBeGreaterThanOrEqual(4);
    await page.getByLabel("Persona").selectOption(instance);
    await expect.poll(() => rows().count()).toBe(3);
    expect(new URL(page.url()).searchParams.get("persona")).toBe(instance);
    expect(await faultsOf(context, page)).toEqual([]);
    await page.getByLabel("Kind").selectOption("Calls of tools");
    await page.getByRole("heading", { name: "No question fits" }).waitFor();
    await page.getByRole("button", { name: "Clear the filters" }).click();
    await expect.poll(() => rows().count()).toBeGreaterThanOrEqual(4);
  });

  it("decides several at once, after a look at them, and tells who is left", async () => {
    await page.getByLabel("Persona").selectOption(instance);
    await expect.poll(() => rows().count()).toBe(3);
    await rows().nth(0).getByRole("button").focus();
    await page.keyboard.press("s");
    await page.keyboard.press("j");
    await page.keyboard.press("s");
    await page.getByText("2 selected").waitFor();
    expect(await faultsOf(context, page)).toEqual([]);
    await page.getByRole("button", { name: "Reject…" }).click();
    const dialog = page.getByRole("dialog", { name: "Reject these 2?" });
    await dialog.getByText("2 of these runs end with a rejection.").waitFor();
    await dialog.getByLabel("Feedback to each (optional)").fill("It has rained enough");
    expect(await faultsOf(context, page)).toEqual([]);
    await dialog.getByRole("button", { name: "Reject", exact: true }).click();
    await page.getByText("2 of 2 rejected").waitFor();
    await expect.poll(() => rows().count()).toBe(1);
    const { api } = await signedIn(baseUrl);
    const params = { query: { instance_id: instance, status: "failed" as const } };
    const failed = await eventually(async () => {
      const { runs } = dataOf(await api.GET("/api/v1/personas/runs", { params }));
      return runs.length === 2 ? runs : undefined;
    });
    expect(failed.map(({ error }) => error?.code)).toEqual(["WORKFLOW_REJECTED", "WORKFLOW_REJECTED"]);
  });
});
