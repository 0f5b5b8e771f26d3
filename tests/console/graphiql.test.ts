import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { buildGraphiql } from "#scripts/local/graphiql-build.ts";

const files = await buildGraphiql();
const textOf = (ending: string) =>
  [...files].flatMap(([name, text]) => (name.endsWith(ending) ? [text] : [])).join("");

/** Where words of the libraries lead to, and names of XML; the page's policy lets none of them be asked. */
const named = [
  "codemirror.net",
  "commonmark.org",
  "en.wikipedia.org",
  "github.com",
  "react.dev",
  "www.w3.org",
  "yarnpkg.com",
];

describe("GraphiQL's files", () => {
  it("name no host that is not known", () => {
    const hosts = [...files.values()].flatMap((text) =>
      [...text.matchAll(/(?:https?|wss?):\/\/([\w.-]+)/g)].map(([, host]) => host),
    );
    expect([...new Set(hosts)].sort()).toEqual(named);
    expect(textOf(".css")).not.toMatch(/@import|url\(["']?(?!data:|#)/);
  });

  it("make no code out of text", () => {
    expect(textOf(".js").length).toBeGreaterThan(100_000);
    expect(textOf(".js")).not.toMatch(/\beval\(|new Function\(/);
  });

  it("have nothing inline, which the page's policy would refuse", () => {
    expect(textOf(".html")).not.toMatch(/<style|style="|<script(?![^>]*\bsrc=)|\son\w+=/);
  });

  it("are at most 800 KB on their way", () => {
    const bytes = [...files.values()].reduce((sum, text) => sum + gzipSync(text).length, 0);
    expect(bytes).toBeLessThan(800 * 1024);
  });
});
