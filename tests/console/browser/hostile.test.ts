import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { dataOf } from "#client/index.ts";
import { demo } from "#scripts/local/options.ts";
import { browserPath, launchBrowser, signIn, visitor } from "../../support/browser.ts";
import { hostileTexts } from "../../support/hostile-texts.ts";
import { instanceWith, signedIn } from "../../support/outside.ts";

const baseUrl = inject("baseUrl");
const [, user] = demo.accounts;
const together = hostileTexts.join("\n\n");
const name = `Mine ${hostileTexts[0]}${hostileTexts[7]}`;

/** What a page has made of texts: nothing but texts, if all is well. */
const madeOfTexts = `[
  typeof carriedOut,
  document.querySelectorAll("script:not([src]), iframe, object, embed, base, main link, main style, main meta").length,
  document.querySelectorAll("main form[action], [onerror], [onload], [onfocus], [ontoggle], [onbegin]").length,
  [...document.querySelectorAll("a[href]")].filter((a) => !/^https?:|^mailto:/.test(a.href)).length,
]`;

describe.skipIf(!browserPath)("Hostile texts in the console", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  it("are shown as they are, and carried out nowhere", async () => {
    const { api } = await signedIn(baseUrl);
    const administrator = (await signedIn(baseUrl, "admin")).api;
    const instance_id = await instanceWith(
      { administrator, user: api },
      {
        start_step: "write",
        steps: {
          write: {
            action: "ai_text_generate",
            description: hostileTexts[0] ?? "",
            input: { prompt: "{{input.topic}}" },
            next_step: "ask",
          },
          ask: {
            action: "pause_for_human_input",
            description: together.slice(0, 500),
            input: { text: "{{steps.write.output.text}}", topic: "{{input.topic}}" },
          },
        },
      },
    );
    const path = { path: { instance_id } };
    dataOf(await api.PUT("/api/v1/personas/instances/{instance_id}", { params: path, body: { name } }));
    const run = dataOf(
      await api.POST("/api/v1/personas/instances/{instance_id}/execute", {
        params: { ...path, query: { wait: 10 } },
        body: { input: { topic: together } },
      }),
    );
    for (const content of hostileTexts)
      dataOf(
        await api.POST("/api/v1/personas/instances/{instance_id}/memories", {
          params: path,
          body: { content },
        }),
      );
    const { conversation } = dataOf(
      await api.POST("/api/v1/conversations", {
        body: { instance_id, title: name, message: together },
      }),
    );

    const { page, offences } = await visitor(browser, baseUrl);
    offences.expected = [/auth\/refresh/];
    await page.goto("/console/personas");
    await signIn(page, user);
    const looked: string[] = [];
    const look = async (address: string, sign: (at: Page) => ReturnType<Page["getByText"]>) => {
      await page.goto(`/console${address}`);
      // Choices of a field are not shown before it is opened.
      await sign(page).filter({ visible: true }).first().waitFor();
      expect(await page.evaluate(madeOfTexts)).toEqual(["undefined", 0, 0, 0]);
      looked.push(address);
    };
    const start = "<script>carriedOut=1</script>";
    await look("/personas", (at) => at.getByText(name));
    await look(`/personas/${instance_id}`, (at) => at.getByRole("heading", { level: 1, name }));
    await page.getByRole("tab", { name: "Memory" }).click();
    for (const text of hostileTexts.slice(0, 30))
      await page.getByText(text, { exact: true }).first().waitFor();
    expect(await page.evaluate(madeOfTexts)).toEqual(["undefined", 0, 0, 0]);
    await look("/runs", (at) => at.getByText(name));
    await look(`/runs/${run.correlation_id}`, (at) => at.getByText(start));
    for (const tab of ["Events", "Input and result"]) {
      await page.getByRole("tab", { name: tab }).click();
      expect(await page.evaluate(madeOfTexts)).toEqual(["undefined", 0, 0, 0]);
    }
    await look("/inbox", (at) => at.getByText(start));
    await look(`/conversations?chat=${conversation.id}`, (at) => at.getByText(start));
    expect(looked).toHaveLength(6);
    expect(offences.told).toEqual([]);
  }, 120_000);
});
