import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { dataOf } from "#client/index.ts";
import { demo } from "#scripts/local/options.ts";
import { browserPath, faultsOf, launchBrowser, signIn, visitor } from "../../support/browser.ts";
import { instanceWith, signedIn } from "../../support/outside.ts";

const baseUrl = inject("baseUrl");
const [admin, user] = demo.accounts;

describe.skipIf(!browserPath)("A conversation in the console", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  const entering = async (account: { email: string; password: string }, path: string) => {
    const visit = await visitor(browser, baseUrl);
    visit.offences.expected = [/auth\/refresh/];
    await visit.page.goto(`/console${path}`);
    await signIn(visit.page, account);
    return visit;
  };

  it("is answered by the persona, taken over by a person, and given back", async () => {
    const people = {
      administrator: (await signedIn(baseUrl, "admin")).api,
      user: (await signedIn(baseUrl)).api,
    };
    await instanceWith(people, {
      start_step: "write",
      steps: { write: { action: "ai_text_generate", description: "" } },
    });
    const own = await entering(user, "/conversations");
    await own.page.getByRole("button", { name: "New conversation" }).click();
    await own.page.getByLabel("What you say first").fill("Which night trains go to Porto?");
    expect(await faultsOf(own.context, own.page)).toEqual([]);
    await own.page.getByRole("button", { name: "Begin" }).click();
    const said = own.page.getByRole("log", { name: "Messages" }).getByRole("article");
    await expect.poll(() => said.count(), { timeout: 15_000 }).toBe(2);
    expect(await faultsOf(own.context, own.page)).toEqual([]);

    const staff = await entering(admin, "/admin/conversations");
    await staff.page.getByRole("button", { name: "Take over" }).click();
    await staff.page.getByRole("textbox", { name: "Your message" }).fill("A person here: two of them do.");
    await staff.page.keyboard.press("Enter");
    await own.page.getByText("A person here: two of them do.").first().waitFor();
    expect(await faultsOf(staff.context, staff.page)).toEqual([]);
    await staff.page.getByRole("button", { name: "Hand back" }).click();
    await staff.page.getByRole("button", { name: "Take over" }).waitFor();
    await own.page.getByText("the persona answers", { exact: true }).waitFor();
    expect([...own.offences.told, ...staff.offences.told]).toEqual([]);
  }, 120_000);

  it("is found by the staff by what was said in it, among those of one kind, in an order of theirs", async () => {
    const people = {
      administrator: (await signedIn(baseUrl, "admin")).api,
      user: (await signedIn(baseUrl)).api,
    };
    const instance_id = await instanceWith(people, {
      start_step: "write",
      steps: { write: { action: "ai_text_generate", description: "" } },
    });
    for (const title of ["First of two", "Second of two"])
      dataOf(
        await people.user.POST("/api/v1/conversations", {
          body: { instance_id, title, message: "Where do quokkas live?" },
        }),
      );
    const found = async (query: { q: string }) =>
      dataOf(await people.administrator.GET("/api/v1/admin/conversations", { params: { query } }))
        .total_count;
    await expect.poll(() => found({ q: "quokkas" }), { timeout: 15_000 }).toBe(2);

    const { page, context, offences } = await entering(admin, "/admin/conversations");
    await page.getByLabel("What was said").fill("quokkas");
    const list = page.getByRole("list", { name: "Conversations" }).getByRole("button");
    await expect.poll(() => list.allTextContents(), { timeout: 15_000 }).toHaveLength(2);
    expect(await page.getByRole("status").filter({ hasText: /^2$/ }).count()).toBe(1);
    await page.getByLabel("Order").selectOption({ label: "last begun" });
    await expect.poll(() => new URL(page.url()).searchParams.get("sort")).toBe("started_at");
    await list.first().getByText("Second of two").waitFor();
    expect(await faultsOf(context, page)).toEqual([]);
    await page.reload();
    await expect.poll(() => list.allTextContents(), { timeout: 15_000 }).toHaveLength(2);
    expect(await page.getByLabel("What was said").inputValue()).toBe("quokkas");
    await page.getByLabel("Held by").selectOption({ label: "nobody: waits for a person" });
    await page.getByRole("heading", { name: "Nothing fits" }).waitFor();
    await page.getByText("By id").click();
    await page.getByLabel("Persona's id").waitFor();
    expect(await faultsOf(context, page)).toEqual([]);
    expect(offences.told).toEqual([]);
  }, 60_000);
});
