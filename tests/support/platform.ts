import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { createTestHarness } from "wrangler";
import { demo } from "#scripts/local/options.ts";
import { seedDemo } from "#scripts/local/seed-demo.ts";
import { writeLocalConfigs } from "#scripts/local/worker-configs.ts";
import { database } from "#src/db/client.ts";
import { testSettings } from "./settings.ts";

/** Starts every Worker together, once for the whole project; tests find it by `inject("baseUrl")`. */
export default async function setup(project: TestProject) {
  const directory = mkdtempSync(join(tmpdir(), "persona-platform-"));
  // Two platforms on one machine must not find each other's Workers.
  process.env.WRANGLER_REGISTRY_PATH = join(directory, "registry");
  process.env.X_LOCAL_OBSERVABILITY = "false";
  const configs = writeLocalConfigs(directory, { ...testSettings, OPERATOR_CLIENT_ID: demo.clientId });
  const harness = createTestHarness({
    workers: Object.values(configs).map((configPath) => ({ configPath })),
  });
  const { url } = await harness.listen();
  await harness.getWorker().applyD1Migrations("DB");
  await seedDemo(database((await harness.getWorker<{ DB: D1Database }>().getEnv()).DB));
  project.provide("baseUrl", url.origin);
  return async () => {
    await harness.close();
    rmSync(directory, { recursive: true, force: true });
  };
}

declare module "vitest" {
  interface ProvidedContext {
    baseUrl: string;
  }
}
