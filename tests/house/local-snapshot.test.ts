import { globSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import { afterAll, expect, it } from "vitest";
import { z } from "zod";
import { buildSources } from "#scripts/local/snapshot.ts";
import { writeLocalConfigs } from "#scripts/local/worker-configs.ts";
import { sourceFiles } from "./imports.ts";

const configSchema = z.looseObject({
  main: z.string(),
  assets: z.object({ directory: z.string() }).optional(),
});

const directories = [0, 1].map(() => mkdtempSync(join(tmpdir(), "persona-snapshot-")));
afterAll(() => {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
});

/** What `wrangler dev` watches of the platform in a directory, with the time of its last change. */
const watched = (directory: string): [string, number][] =>
  globSync("**/*", { cwd: directory, exclude: (name) => name === "node_modules" })
    .sort()
    .map((path) => [path, statSync(join(directory, path)).mtimeMs]);

it("What a local platform runs from is its own, and another start from the same checkout leaves it alone", () => {
  const [mine = "", other = ""] = directories;
  const configs = writeLocalConfigs(mine, {});
  for (const path of Object.values(configs)) {
    const { main, assets } = configSchema.parse(JSON.parse(readFileSync(path, "utf8")));
    for (const used of [path, main, ...(assets ? [assets.directory] : [])]) {
      expect(used.startsWith(mine + sep)).toBe(true);
      expect(statSync(used)).toBeDefined();
    }
  }
  const before = watched(mine);
  expect(before.length).toBeGreaterThan(100);
  writeLocalConfigs(other, {});
  expect(watched(mine)).toEqual(before);
});

it("The Workers import nothing that is not copied for them, but packages", () => {
  const foreign = sourceFiles("src", "workers", "durable-objects").flatMap(({ path, imports }) =>
    imports
      .map(({ target }) => target)
      .filter((target) => target.includes("/") && !/^(@|node:|cloudflare:)/.test(target))
      .filter((target) => target.endsWith(".ts") || target.endsWith(".json") || target.endsWith(".sql"))
      .filter(
        (target) => !buildSources.some((source) => target === source || target.startsWith(`${source}/`)),
      )
      .map((target) => `${path} → ${target}`),
  );
  expect(foreign).toEqual([]);
});
