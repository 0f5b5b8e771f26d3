import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { dataOf } from "#client/index.ts";
import { browserPath, faultsOf, launchBrowser, visitor } from "../../support/browser.ts";
import { hostileTexts } from "../../support/hostile-texts.ts";
import { instanceWith, signedIn } from "../../support/outside.ts";

const baseUrl = inject("baseUrl");

/** A widget of a persona that is published with what is given. */
async function widgetWith(chat: Record<string, unknown> = {}, more: Record<string, unknown> = {}) {
  const administrator = (await signedIn(baseUrl, "admin")).api;
  const user = (await signedIn(baseUrl)).api;
  const instance_id = await instanceWith(
    { administrator, user },
    { start_step: "write", steps: { write: { action: "ai_text_generate", description: "" } } },
  );
  const params = { path: { instance_id } };
  const body = { enabled: true, audience: "public" as const, daily_turns_per_person: 100, ...chat };
  dataOf(await user.PUT("/api/v1/personas/instances/{instance_id}/chat", { params, body }));
  const made = { instance_id, name: "Tea shop", origins: [baseUrl], ...more };
  const { key } = dataOf(await administrator.POST("/api/v1/widgets", { body: made }));
  return { key, administrator, instance_id };
}

/** What stands in the widget: nothing that a text has made, if all is well. */
const madeOfTexts = `(() => {
  const root = document.querySelector("persona-chat").shadowRoot;
  return [
    typeof carriedOut,
    root.querySelectorAll("script, iframe, object, embed, base, link, style, meta, img, svg, video").length,
    root.querySelectorAll("[onerror], [onload], [onfocus], [ontoggle], [onbegin], form[action]").length,
    [...root.querySelectorAll("a")].filter((a) => !/^https?:|^mailto:/.test(a.href) || !/noopener/.test(a.rel)).length,
  ];
})()`;

const focused = (page: Page) =>
  page.evaluate(
    "document.activeElement.shadowRoot?.activeElement?.tagName ?? document.activeElement.tagName",
  );

describe.skipIf(!browserPath)("The widget on a page", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  const visiting = async (key: string) => {
    const visit = await visitor(browser, baseUrl);
    await visit.page.goto(`/dev/widget?key=${key}`);
    return visit;
  };
  const opened = async (page: Page) => {
    await page.getByRole("button", { name: "Chat" }).click();
    return page.getByRole("dialog", { name: "Tea shop" });
  };
  const sound = async ({ context, page }: { context: BrowserContext; page: Page }) =>
    expect(await faultsOf(context, page)).toEqual([]);

  it("is talked with by the keyboard alone; a reload keeps what was said; nothing is wrong for anybody", async () => {
    const { key } = await widgetWith({ greeting: "**Welcome** to the tea shop.", starters: ["Which tea?"] });
    const visit = await visiting(key);
    const { page } = visit;
    await sound(visit);
    await page.getByRole("button", { name: "Chat" }).waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog", { name: "Tea shop" });
    await dialog.getByText("Welcome", { exact: true }).waitFor();
    await dialog.getByRole("button", { name: "Which tea?" }).waitFor();
    expect(await focused(page)).toBe("TEXTAREA");
    await sound(visit);
    await page.keyboard.type("How hot should the water be?");
    await page.keyboard.press("Enter");
    const log = dialog.getByRole("log", { name: "Conversation" });
    await log.getByText("How hot should the water be?", { exact: true }).first().waitFor();
    await log.getByRole("button", { name: "Helpful", exact: true }).click();
    await log.getByRole("button", { name: "Helpful", exact: true, pressed: true }).waitFor();
    const said = await log.locator(".line").count();
    expect(said).toBe(3);
    await sound(visit);
    await dialog.getByRole("textbox").focus();
    await page.keyboard.press("Escape");
    expect(await dialog.count()).toBe(0);
    expect(await focused(page)).toBe("BUTTON");

    await page.reload();
    const again = await opened(page);
    await again.getByText("How hot should the water be?", { exact: true }).first().waitFor();
    await expect.poll(() => again.locator(".line").count()).toBe(said);
    await again.getByRole("button", { name: "Helpful", exact: true, pressed: true }).waitFor();
    expect(visit.offences.told).toEqual([]);
  }, 120_000);

  it("says outside of its hours when people are there again, and offers none", async () => {
    const days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
    const day = days[new Date(Date.now() + 2 * 86_400_000).getUTCDay()];
    const hours = { time_zone: "UTC", open: [{ days: [day], from: "00:00", to: "24:00" }] };
    const away = { hours, texts: { away: "The shop is shut" } };
    const visit = await visiting((await widgetWith({ handover: true }, away)).key);
    const dialog = await opened(visit.page);
    await dialog.getByText("The shop is shut: we are back").waitFor();
    expect(await dialog.getByRole("button", { name: "Talk to a person" }).isVisible()).toBe(false);
    await dialog.getByRole("textbox").fill("Is there tea?");
    await visit.page.keyboard.press("Enter");
    await dialog.getByRole("button", { name: "Helpful", exact: true }).waitFor();
    await sound(visit);
  });

  it("is answered by a person who takes over, and says so", async () => {
    const { key, administrator, instance_id } = await widgetWith({ handover: true });
    const { page, offences } = await visiting(key);
    const dialog = await opened(page);
    await dialog.getByRole("textbox").fill("Is there tea?");
    await page.keyboard.press("Enter");
    await dialog.getByRole("button", { name: "Helpful", exact: true }).waitFor();
    await dialog.getByRole("button", { name: "Talk to a person" }).click();
    await dialog.getByText("Waiting for a person").first().waitFor();
    const query = { holder: "queue" as const, instance_id, limit: 1 };
    const waiting = async () =>
      dataOf(await administrator.GET("/api/v1/admin/conversations", { params: { query } })).conversations[0];
    await expect.poll(waiting, { timeout: 15_000 }).toBeDefined();
    const params = { path: { conversation_id: (await waiting())?.id ?? "" } };
    dataOf(
      await administrator.POST("/api/v1/admin/conversations/{conversation_id}/take", { params, body: {} }),
    );
    await dialog.getByText("You are talking with a person").waitFor();
    dataOf(
      await administrator.POST("/api/v1/admin/conversations/{conversation_id}/messages", {
        params,
        body: { client_message_id: "p-1", content: "There is, and *cake*." },
      }),
    );
    await dialog.locator("em", { hasText: "cake" }).waitFor();
    expect(offences.told).toEqual([]);
  }, 120_000);

  it("shows hostile texts as they are, and carries none of them out", async () => {
    const together = hostileTexts.join("\n\n");
    const { key } = await widgetWith({
      greeting: together.slice(0, 2000),
      starters: hostileTexts.slice(0, 6).map((text) => text.slice(0, 200)),
    });
    const { page, offences } = await visiting(key);
    const dialog = await opened(page);
    await dialog.getByRole("button", { name: hostileTexts[0], exact: true }).waitFor();
    expect(await page.evaluate(madeOfTexts)).toEqual(["undefined", 0, 0, 0]);
    await dialog.getByRole("textbox").fill(together.slice(0, 8000));
    await page.keyboard.press("Enter");
    await dialog.getByRole("button", { name: "Helpful", exact: true }).waitFor();
    expect(await page.evaluate(madeOfTexts)).toEqual(["undefined", 0, 0, 0]);
    expect(offences.told).toEqual([]);
  }, 120_000);
});

describe("The widget's files", () => {
  const get = (path: string) => fetch(`${baseUrl}${path}`);

  it("may be loaded by every page, and kept for good where their names change with them", async () => {
    const first = await get("/widget/v1.js");
    const name = /\.\/(v1-[0-9a-f]{16}\.js)/.exec(await first.text())?.[1] ?? "";
    const file = await get(`/widget/${name}`);
    expect((await file.arrayBuffer()).byteLength).toBeGreaterThan(10_000);
    for (const { headers } of [first, file]) {
      expect(headers.get("content-type")).toMatch(/javascript/);
      expect(headers.get("access-control-allow-origin")).toBe("*");
      expect(headers.get("cross-origin-resource-policy")).toBe("cross-origin");
    }
    expect(first.headers.get("cache-control")).toBe("no-cache");
    expect(file.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    expect((await get("/widget/v1-0000000000000000.js")).status).toBe(404);
  });
});
