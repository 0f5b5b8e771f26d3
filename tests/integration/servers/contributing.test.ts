import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { applyDiff } from "../../support/apply-diff.ts";
import { blocksOf, readDocument } from "../../support/documents.ts";

const root = resolve(import.meta.dirname, "../../..");

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

describe("Who follows CONTRIBUTING.md", () => {
  let copy = "";
  beforeAll(() => {
    copy = copyOfRepository();
  });
  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  const run = (command: string, args: string[]) => spawnSync(command, args, { cwd: copy, encoding: "utf8" });

  it.each(changes)("makes the change: $title", ({ blocks }) => {
    for (const { language, code } of blocks) if (language === "diff") applyDiff(copy, code);
  });

  // All three in one copy, as one who makes one after the other has them; what each ends with (`npm run client`) runs once.
  const commands = new Set(
    changes.flatMap(({ blocks }) =>
      blocks.filter(({ language }) => language !== "diff").flatMap(({ code }) => code.trim().split("\n")),
    ),
  );
  it.each([...commands])("sees `%s` pass", { timeout: 240_000 }, (command) => {
    const { status, stdout, stderr } = run("bash", ["-euo", "pipefail", "-c", command]);
    expect(status, `${stdout}\n${stderr}`).toBe(0);
  });

  it("sees the types hold", { timeout: 240_000 }, () => {
    const { status, stdout } = run("node_modules/.bin/tsc", ["--noEmit"]);
    expect(status, stdout).toBe(0);
  });
});
