import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parse } from "smol-toml";
import { workerConfigs } from "#scripts/local/worker-configs.ts";

const root = resolve(import.meta.dirname, "../..");
const read = (path: string) => parse(readFileSync(join(root, path), "utf8"));

/**
 * Writes the configuration of worker-under-test.ts: the gateway's, with the classes as the objects' Worker has them.
 * @returns its path
 */
export function workerUnderTestConfig(): string {
  const { durable_objects, migrations } = read(workerConfigs.objects);
  const { assets, ...gateway } = read(workerConfigs.gateway);
  const config = {
    ...gateway,
    main: join(root, "tests/support/worker-under-test.ts"),
    assets: Object.assign({}, assets, { directory: join(root, "workers/gateway/assets") }),
    durable_objects,
    migrations,
  };
  const path = join(root, ".wrangler/worker-under-test.json");
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify(config));
  return path;
}
