import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { z } from "zod";
import { bundleWorkers } from "./bundles.ts";
import { digestOf } from "./digest.ts";
import { placePages } from "./place-pages.ts";
import { prepareState } from "./prepare-state.ts";
import { snapshotIn } from "./snapshot.ts";
import { writeLocalConfigs } from "./worker-configs.ts";
import { workerOptions } from "./worker-options.ts";

/**
 * Writes down what there is to run (`configs/runtime.json`), and carries the state forward. A process of its own,
 * because all that it needs for this would stay in memory for as long as the platform runs.
 */
const inputSchema = z.object({
  stateDirectory: z.string(),
  settings: z.record(z.string(), z.string()),
  /** Whether the demo tenant is to have a past. */
  hasPast: z.boolean(),
});

async function prepare(): Promise<void> {
  const { stateDirectory, settings, hasPast } = inputSchema.parse(await json(process.stdin));
  const directory = join(stateDirectory, "configs");
  const configs = writeLocalConfigs(directory, settings);
  await placePages(snapshotIn(directory));
  const sources = [snapshotIn(directory), join(import.meta.dirname, "worker-configs.ts")];
  const [bundles] = await Promise.all([
    bundleWorkers(configs, digestOf(sources)),
    prepareState(stateDirectory, configs.gateway, hasPast),
  ]);
  const workers = Object.entries(configs).map(([name, config]) => workerOptions(config, bundles[name] ?? ""));
  writeFileSync(join(directory, "runtime.json"), JSON.stringify(workers), { mode: 0o600 });
}

try {
  await prepare();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
