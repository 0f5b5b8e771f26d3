import { describe, expect, inject, it } from "vitest";

const baseUrl = inject("baseUrl");
const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${baseUrl}${path}`, { headers, redirect: "manual" });

describe("The console's files", () => {
  it("begin at an address with a slash, and every page is the same document", async () => {
    const first = await get("/console");
    expect([first.status, first.headers.get("location")]).toEqual([308, "/console/"]);
    const documents = await Promise.all(
      ["/console/", "/console/runs/some-run"].map(async (path) => (await get(path)).text()),
    );
    expect(documents[0]).toContain('<div id="root">');
    expect(documents[1]).toBe(documents[0]);
  });

  it("may be kept for good where their names change with them, and the document is asked for again", async () => {
    const document = await get("/console/");
    const script = /\/console\/assets\/[\w-]+\.js/.exec(await document.text())?.[0] ?? "";
    const asset = await get(script);
    await asset.body?.cancel();
    expect(asset.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    expect(document.headers.get("cache-control")).toBe("no-cache");
    const etag = document.headers.get("etag") ?? "";
    expect((await get("/console/", { "if-none-match": etag })).status).toBe(304);
  });

  it("allow a page nothing but files from here", async () => {
    const policy = (await get("/console/")).headers.get("content-security-policy") ?? "";
    expect(policy).toMatch(/^default-src 'none';/);
    expect(policy).toContain("require-trusted-types-for 'script'; trusted-types 'none'");
    expect(policy).not.toMatch(/unsafe|nonce|sha256|https?:|\*/);
  });

  it("that are not there are refused in the one shape of errors", async () => {
    const answer = await get("/console/assets/gone.js");
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ error: "NOT_FOUND" });
  });
});
