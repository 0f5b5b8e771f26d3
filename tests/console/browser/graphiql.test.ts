import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { browserPath, launchBrowser, visitor } from "../../support/browser.ts";
import { signedIn } from "../../support/outside.ts";

const baseUrl = inject("baseUrl");

describe("GraphiQL's page", () => {
  it("may load and ask nothing but what is here", async () => {
    const answer = await fetch(`${baseUrl}/api/graphql`);
    const policy = answer.headers.get("content-security-policy") ?? "";
    expect(policy).toMatch(/^default-src 'none';/);
    expect(policy).not.toMatch(/unsafe|nonce|sha256|https?:|\*/);
    const script = /\/graphiql\/page-\w+\.js/.exec(await answer.text())?.[0] ?? "";
    const file = await fetch(`${baseUrl}${script}`);
    await file.body?.cancel();
    expect(file.headers.get("cache-control")).toContain("immutable");
    expect((await fetch(`${baseUrl}/graphiql/page-0000000000000000.js`)).status).toBe(404);
  });
});

describe.skipIf(!browserPath)("GraphiQL in a browser", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  it("signs in to the demo account, asks, and is told what happens, within its policy", async () => {
    const { page, offences } = await visitor(browser, baseUrl);
    await page.goto("/api/graphql");
    await page.getByRole("button", { name: "Sign in to the demo account" }).click();
    await page.getByRole("button", { name: "Sign out" }).waitFor();
    const results = page.locator(".result-window");
    const run = async (name: string) => {
      await page.getByRole("button", { name: /^Execute query/ }).click();
      await page.getByRole("menuitem", { name, exact: true }).click();
    };
    await run("Me");
    await results.getByText('"user@demo.test"').waitFor();
    await run("Events");
    const { api } = await signedIn(baseUrl);
    const { data } = await api.GET("/api/v1/personas/templates");
    const template_id = data?.templates[0]?.id ?? "";
    await api.POST("/api/v1/personas/instances", { body: { template_id, name: "Told of" } });
    await results.getByText('"entityId"').first().waitFor();
    await page.getByRole("button", { name: /^Stop query/ }).click();
    expect(offences.told).toEqual([]);
  });
});
