import { execFile } from "node:child_process";
import { cpSync, existsSync, globSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { digestOf } from "./digest.ts";

const root = resolve(import.meta.dirname, "../..");
const cache = join(root, "node_modules/.cache/persona-console");
/** Builds of so many states of the sources are kept. */
const maxKept = 4;

/** All that the console is built from, but for packages, which the lock file stands for. */
const sources = [
  "console",
  "client/src",
  "src/engine",
  "package-lock.json",
  "scripts/local/console-build.ts",
].map((path) => join(root, path));

/**
 * Builds the console, unless it has been built from the same sources before.
 * @returns the folder with its document and assets
 */
export async function buildConsole(): Promise<string> {
  const target = join(cache, digestOf(sources));
  if (existsSync(target)) return target;
  mkdirSync(cache, { recursive: true });
  const working = mkdtempSync(`${target}-`);
  const vite = join(root, "node_modules/vite/bin/vite.js");
  const config = join(root, "console/vite.config.ts");
  const parameters = [vite, "build", "--config", config, "--outDir", working, "--logLevel", "error"];
  // Under tests it would be React as it is for development.
  const env = { ...process.env, NODE_ENV: "production" };
  await promisify(execFile)(process.execPath, parameters, { cwd: root, env });
  // Somebody else may have made the same one meanwhile.
  if (existsSync(target)) rmSync(working, { recursive: true });
  else renameSync(working, target);
  forgetOldest();
  return target;
}

function forgetOldest(): void {
  const ages = globSync("*", { cwd: cache })
    .map((name) => ({ path: join(cache, name), changed: statSync(join(cache, name)).mtimeMs }))
    .sort((a, b) => b.changed - a.changed);
  for (const { path } of ages.slice(maxKept)) rmSync(path, { recursive: true, force: true });
}

/**
 * Puts the console among the gateway's assets, in one move: files that are added one by one may go unseen.
 * @param source where the gateway's sources are
 */
export async function placeConsole(source = root): Promise<void> {
  const built = await buildConsole();
  const assets = join(source, "workers/gateway/assets");
  mkdirSync(assets, { recursive: true });
  const working = mkdtempSync(join(assets, "..", "console-"));
  cpSync(built, working, { recursive: true, filter: (path) => !path.endsWith("/.vite") });
  rmSync(join(assets, "console"), { recursive: true, force: true });
  renameSync(working, join(assets, "console"));
}
