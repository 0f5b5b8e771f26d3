import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parse, stringify } from "smol-toml";
import { workerConfigs } from "./local/worker-configs.ts";

/**
 * Writes the wrangler file of the objects' Worker as it is deployed where there is no gateway yet that its hubs could ask:
 * its own, without the service.
 * @param directory where the file goes
 * @returns its path
 */
export function writeObjectsAlone(directory: string): string {
  const source = workerConfigs.objects;
  const { services: _, ...config } = parse(readFileSync(source, "utf8"));
  const path = join(directory, "objects-alone.toml");
  writeFileSync(path, stringify({ ...config, main: resolve(dirname(source), String(config.main)) }));
  return path;
}
