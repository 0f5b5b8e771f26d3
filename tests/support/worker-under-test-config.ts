import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parse } from "smol-toml";
import { workerConfigs } from "#scripts/local/worker-configs.ts";

const root = resolve(import.meta.dirname, "../..");
const read = (path: string) => parse(readFileSync(join(root, path), "utf8"));

/** The objects of a configuration: their bindings, or their migrations. */
function bindingsOf(config: ReturnType<typeof read>, name: string): object[] {
  const found = config[name];
  const all = found && typeof found === "object" && "bindings" in found ? found.bindings : found;
  return [all].flat().flatMap((entry) => (entry && typeof entry === "object" ? [entry] : []));
}

/**
 * Writes the configuration of worker-under-test.ts: the gateway's, with the classes as the objects' Worker has them.
 * @returns its path
 */
export function workerUnderTestConfig(): string {
  const objects = read(workerConfigs.objects);
  const payments = read(workerConfigs.sandbox);
  const both = (name: string) => [objects, payments].flatMap((config) => bindingsOf(config, name));
  const { assets, ...gateway } = read(workerConfigs.gateway);
  const config = {
    ...gateway,
    main: join(root, "tests/support/worker-under-test.ts"),
    assets: Object.assign({}, assets, { directory: join(root, "workers/gateway/assets") }),
    durable_objects: { bindings: both("durable_objects") },
    migrations: both("migrations").map((migration, step) => Object.assign(migration, { tag: `v${step}` })),
  };
  const path = join(root, ".wrangler/worker-under-test.json");
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify(config));
  return path;
}
