import { execFile } from "node:child_process";
import { existsSync, globSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { mapConcurrent } from "#src/kernel/map-concurrent.ts";

const root = resolve(import.meta.dirname, "../..");
const cache = join(root, "node_modules/.cache/persona-workers");
/** Bundles of so many states of the sources are kept. */
const maxKept = 12;

/** Bundles a Worker as it is deployed, but uploads nothing. */
async function bundle(config: string, target: string): Promise<void> {
  mkdirSync(dirname(target), { recursive: true });
  const working = mkdtempSync(`${target}-`);
  const wrangler = join(root, "node_modules/.bin/wrangler");
  const parameters = [wrangler, "deploy", "--dry-run", "--outdir", working, "-c", config];
  const env = { ...process.env, WRANGLER_SEND_METRICS: "false", WRANGLER_HIDE_BANNER: "true" };
  await promisify(execFile)(process.execPath, parameters, { cwd: root, env });
  // Somebody else may have made the same one meanwhile.
  if (existsSync(target)) rmSync(working, { recursive: true });
  else renameSync(working, target);
}

/** Removes what was made for states of the sources that nobody has used for long. */
function forgetOldest(): void {
  const ages = globSync("*", { cwd: cache })
    .map((name) => ({ path: join(cache, name), changed: statSync(join(cache, name)).mtimeMs }))
    .sort((a, b) => b.changed - a.changed);
  for (const { path } of ages.slice(maxKept)) rmSync(path, { recursive: true, force: true });
}

/**
 * Bundles Workers, but for those that have been bundled from the same sources before.
 * @param configs their wrangler files
 * @param digest of all that they are made from
 * @returns the folder of each, with `index.js`
 */
export async function bundleWorkers<N extends string>(
  configs: Readonly<Record<N, string>>,
  digest: string,
): Promise<Record<string, string>> {
  const folders = Object.fromEntries(Object.keys(configs).map((name) => [name, join(cache, digest, name)]));
  const missing = Object.entries<string>(configs).flatMap(([name, config]) => {
    const folder = join(cache, digest, name);
    return existsSync(folder) ? [] : [{ config, folder }];
  });
  await mapConcurrent(missing, availableParallelism(), ({ config, folder }) => bundle(config, folder));
  if (missing.length > 0) forgetOldest();
  return folders;
}
