import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { permissions, spellingsOf } from "#src/kernel/permissions.ts";
import {
  blocksOf,
  documentPaths,
  headingsOf,
  isShell,
  namedFiles,
  readDocument,
  relativeLinks,
} from "../support/documents.ts";

const documents = documentPaths.map((path) => ({ path, markdown: readDocument(path) }));
const everyBlock = documents.flatMap(({ path, markdown }) =>
  blocksOf(markdown).map((block) => ({ ...block, at: `${path}:${block.line}` })),
);

it("A block is run unless the line before it says why not, and may show refusals that are announced", () => {
  const mark = (text: string) => `Words.\n\n<!-- ${text} -->\n\n   \`\`\`sh\n   a\n     b\n   \`\`\`\n`;
  expect(blocksOf(mark("not run: needs an account"))).toEqual([
    { language: "sh", code: "a\n  b\n", line: 3, notRun: "needs an account", refusals: [] },
  ]);
  expect(blocksOf(mark("answers 403, 409: twice"))).toMatchObject([{ refusals: ["403", "409"] }]);
  expect(blocksOf(mark("not run:"))).toMatchObject([{ notRun: undefined, refusals: [] }]);
  expect(blocksOf("```sh\na\n```\n\n```json\n{}\n```\n")).toMatchObject([
    { code: "a\n", line: 1 },
    { language: "json", line: 5 },
  ]);
});

it("What a block shows the beginning of is read to its end: a curl that nobody reads fails, now and then", () => {
  const cut = everyBlock.filter((block) => isShell(block) && /(?<!\|\| true; \} )\| head\b/.test(block.code));
  expect(cut.map(({ at }) => at)).toEqual([]);
});

it("Every document in docs/ is linked from the README", () => {
  const linked = relativeLinks(readDocument("README.md")).map(({ path }) => path);
  expect(documentPaths.filter((path) => path.startsWith("docs/") && !linked.includes(path))).toEqual([]);
});

it("Every relative link leads to a file, and to a heading of it", () => {
  const broken = documents.flatMap(({ path: from, markdown }) =>
    relativeLinks(markdown).flatMap(({ path, heading }) => {
      const target = path === "" ? from : join(dirname(from), path);
      const found =
        existsSync(target) && (heading === undefined || headingsOf(readDocument(target)).includes(heading));
      return found ? [] : [`${from}: ${path}#${heading}`];
    }),
  );
  expect(broken).toEqual([]);
});

it("Every file that the documents name is there", () => {
  const missing = documents.flatMap(({ path, markdown }) =>
    namedFiles(markdown)
      .filter((file) => !existsSync(file))
      .map((file) => `${path}: ${file}`),
  );
  expect(missing).toEqual([]);
});

it("Every shell block is bash, and none needs jq", () => {
  const broken = everyBlock.filter(
    (block) =>
      isShell(block) &&
      (/\bjq\b/.test(block.code) || spawnSync("bash", ["-n"], { input: block.code }).status !== 0),
  );
  expect(broken.map(({ at }) => at)).toEqual([]);
});

it("Every block says its language, and what is called JSON is JSON", () => {
  const languages = ["sh", "html", "json", "toml", "yaml", "mermaid", "http", "ts", "python", "go"];
  expect(everyBlock.filter(({ language }) => !languages.includes(language)).map(({ at }) => at)).toEqual([]);
  for (const { language, code } of everyBlock) if (language === "json") JSON.parse(code);
});

it("The document about administration has a row for each permission, with its older spelling", () => {
  const rows = [...readDocument("docs/administration.md").matchAll(/^\| `([^`]+)` \| (?:`([^`]+)`)? ?\|/gm)];
  const named = rows.map(([, name, spelling]) => [name, spelling]);
  const there = Object.keys(permissions).map((name) => [name, spellingsOf(name)[0]]);
  expect(named.toSorted()).toEqual(there.toSorted());
});
