import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare, type V4WorkerOptions } from "miniflare";
import { bundleWorkers } from "#scripts/local/bundles.ts";
import { digestOf } from "#scripts/local/digest.ts";
import { prepareState } from "#scripts/local/prepare-state.ts";
import { snapshotIn } from "#scripts/local/snapshot.ts";
import { writeLocalConfigs } from "#scripts/local/worker-configs.ts";
import { workerOptions } from "#scripts/local/worker-options.ts";
import { childOf } from "./processes.ts";

export const signingKey = "bench-signing-key-of-at-least-32-characters";

/** The Workers that are asked. */
const [gateway, baseline] = ["persona-gateway", "bench-baseline"];

/** A Worker with a socket of its own, on which another one answers: nothing stands before that one, no assets either. */
const answeringFor = (worker: string): V4WorkerOptions => ({
  name: `socket-of-${worker}`,
  compatibilityDate: "2026-11-01",
  modules: true,
  script: "export default {};",
  unsafeDirectSockets: [{ host: "127.0.0.1", port: 0, serviceName: worker }],
});

/**
 * Every Worker and the baseline Worker in one workerd, each asked directly: neither `wrangler dev` nor Miniflare's entry
 * is in between, which would be what is measured.
 */
export async function startPlatform() {
  const directory = mkdtempSync(join(tmpdir(), "persona-bench-"));
  const configs = writeLocalConfigs(join(directory, "configs"), {
    LOG_LEVEL: "error",
    JWT_SECRET_KEY: signingKey,
    TRUST_CLIENT_IP: "false",
  });
  const agents: object = JSON.parse(readFileSync(configs.agents, "utf8"));
  const main = resolve(import.meta.dirname, "agents/index.ts");
  writeFileSync(configs.agents, JSON.stringify({ ...agents, main }));
  const all = { ...configs, baseline: resolve(import.meta.dirname, "baseline/wrangler.toml") };
  const sources = [
    snapshotIn(join(directory, "configs")),
    ...["agents", "baseline"].map((name) => join(import.meta.dirname, name)),
  ];
  const [bundles] = await Promise.all([
    bundleWorkers(all, digestOf(sources)),
    prepareState(directory, configs.gateway),
  ]);
  const runtime = new Miniflare(
    convertV4MiniflareOptions({
      workers: [
        ...Object.entries(all).map(([name, config]) => workerOptions(config, bundles[name] ?? "")),
        ...[gateway, baseline].map(answeringFor),
      ],
      resourcePersistencePath: join(directory, "v3"),
      resourceTmpPath: join(directory, "tmp"),
      cf: false,
      log: new Log(LogLevel.WARN),
      logRequests: false,
      handleStructuredLogs: ({ message }) => console.error(message),
    }),
  );
  const address = async (worker: string) => (await runtime.unsafeGetDirectURL(`socket-of-${worker}`)).origin;
  return {
    /** Where the gateway answers. */
    url: await address(gateway),
    /** Where the baseline answers. */
    baselineUrl: await address(baseline),
    /** The process that everything runs in. */
    pid: childOf(process.pid, "workerd"),
    database: () => runtime.getD1Database("DB", gateway),
    async stop() {
      await runtime.dispose();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

export type BenchPlatform = Awaited<ReturnType<typeof startPlatform>>;
