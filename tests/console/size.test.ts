import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { buildConsole } from "#scripts/local/console-build.ts";

const chunk = z.object({
  file: z.string(),
  isEntry: z.boolean().optional(),
  isDynamicEntry: z.boolean().optional(),
  imports: z.array(z.string()).default([]),
  css: z.array(z.string()).default([]),
});

const folder = await buildConsole();
const manifest = z
  .record(z.string(), chunk)
  .parse(JSON.parse(readFileSync(join(folder, ".vite/manifest.json"), "utf8")));

/** All files that come with a part, itself among them. */
function filesOf(name: string): Set<string> {
  const found = new Set<string>();
  const visit = (part: string) => {
    const { file, imports, css } = manifest[part] ?? chunk.parse({ file: part });
    if (found.has(file)) return;
    for (const each of [file, ...css]) found.add(each);
    for (const each of imports) visit(each);
  };
  visit(name);
  return found;
}

const kilobytes = (files: Iterable<string>): number =>
  [...files].reduce((sum, file) => sum + gzipSync(readFileSync(join(folder, file))).length, 0) / 1024;

const entry = Object.keys(manifest).find((name) => manifest[name]?.isEntry) ?? "";
const first = filesOf(entry).add("index.html");
const pages = Object.keys(manifest).filter(
  (name) => manifest[name]?.isDynamicEntry && name.endsWith("-page.tsx"),
);

/** What a page may take besides the first load, in KB. */
const most = 30;

describe("The console is small", () => {
  it("loads at most 130 KB before the list of runs is there", () => {
    expect(kilobytes(first)).toBeLessThan(130);
  });

  it.each(pages)("%s adds little to that", (name) => {
    const added = [...filesOf(name)].filter((file) => !first.has(file));
    expect(kilobytes(added)).toBeLessThan(most);
  });

  it("has nothing inline, which its policy would refuse", () => {
    const document = readFileSync(join(folder, "index.html"), "utf8");
    expect(document).not.toMatch(/<style|style="|<script(?![^>]*\bsrc=)|\son\w+=/);
  });
});
