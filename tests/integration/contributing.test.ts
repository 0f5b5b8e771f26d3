import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { applyDiff } from "../support/apply-diff.ts";
import { blocksOf, readDocument } from "../support/documents.ts";

const root = resolve(import.meta.dirname, "../..");

/** A worked change of CONTRIBUTING.md: its heading, and its blocks in order. */
const changes = readDocument("CONTRIBUTING.md")
  .split(/^## /m)
  .filter((section) => section.includes("```diff"))
  .map((section) => ({ title: section.split("\n")[0] ?? "", blocks: blocksOf(section) }));

/** A copy of what is in the repository, with the dependencies there are. */
function copyOfRepository(): string {
  const copy = mkdtempSync(join(tmpdir(), "persona-contributing-"));
  const tracked = execFileSync("git", ["ls-files", "-co", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
  });
  for (const path of tracked.split("\n").filter((name) => name !== "" && existsSync(join(root, name)))) {
    mkdirSync(dirname(join(copy, path)), { recursive: true });
    cpSync(join(root, path), join(copy, path));
  }
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"), "dir");
  // What `npm run client` makes the types with, where it is already.
  const tools = "tools/client-types/node_modules";
  if (existsSync(join(root, tools))) symlinkSync(join(root, tools), join(copy, tools), "dir");
  return copy;
}

it("There are three worked changes: a field, a queue and a provider", () => {
  expect(changes.map(({ title }) => title.split(":")[0])).toEqual(["A field", "A queue", "A provider"]);
});

describe.each(changes)("Who follows CONTRIBUTING.md, $title", ({ blocks }) => {
  let copy = "";
  beforeAll(() => {
    copy = copyOfRepository();
  });
  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  it("has the change, and tests that show it", { timeout: 240_000 }, () => {
    for (const { language, code, line } of blocks) {
      if (language === "diff") applyDiff(copy, code);
      else {
        const { status, stdout, stderr } = spawnSync("bash", ["-euo", "pipefail", "-c", code], {
          cwd: copy,
          encoding: "utf8",
        });
        expect(status, `line ${line}: ${code}\n${stdout}\n${stderr}`).toBe(0);
      }
    }
    const types = spawnSync("node_modules/.bin/tsc", ["--noEmit"], { cwd: copy, encoding: "utf8" });
    expect(types.status, types.stdout).toBe(0);
  });
});
