import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createTestHarness } from "wrangler";
import { writeLocalConfigs } from "#scripts/local/worker-configs.ts";

/**
 * Every Worker and the baseline Worker in one workerd, without `wrangler dev`
 * in between (it is about four times slower and would hide the difference).
 */
export async function startPlatform() {
  const directory = mkdtempSync(join(tmpdir(), "persona-bench-"));
  process.env.WRANGLER_REGISTRY_PATH = join(directory, "registry");
  // The tool's own tracing of every call and query: half of all time, and nothing that the edge would have.
  process.env.X_LOCAL_OBSERVABILITY = "false";
  const configs = writeLocalConfigs(directory, {
    LOG_LEVEL: "error",
    JWT_SECRET_KEY: "bench-signing-key-of-at-least-32-characters",
    TRUST_CLIENT_IP: "false",
  });
  const agents: object = JSON.parse(readFileSync(configs.agents, "utf8"));
  const main = resolve(import.meta.dirname, "agents/index.ts");
  writeFileSync(configs.agents, JSON.stringify({ ...agents, main }));
  const baseline = resolve(import.meta.dirname, "baseline/wrangler.toml");
  const harness = createTestHarness({
    workers: [...Object.values(configs), baseline].map((configPath) => ({ configPath })),
  });
  const { url } = await harness.listen();
  await harness.getWorker().applyD1Migrations("DB");
  return {
    url: url.origin,
    harness,
    gateway: harness.getWorker(),
    baseline: harness.getWorker("bench-baseline"),
    async stop() {
      await harness.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

export type BenchPlatform = Awaited<ReturnType<typeof startPlatform>>;
