import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare, type V4WorkerOptions } from "miniflare";
import { bundleWorkers } from "#scripts/local/bundles.ts";
import { digestOf } from "#scripts/local/digest.ts";
import { prepareState } from "#scripts/local/prepare-state.ts";
import { snapshotIn } from "#scripts/local/snapshot.ts";
import { type WorkerName, writeLocalConfigs } from "#scripts/local/worker-configs.ts";
import { workerOptions } from "#scripts/local/worker-options.ts";
import { childOf } from "./processes.ts";

export const signingKey = "bench-signing-key-of-at-least-32-characters";

/** The Workers that every part asks. */
const [gateway, baseline] = ["persona-gateway", "bench-baseline"];

/** What runs in the place of the Workers' own entry modules. */
type Entries = Partial<Record<WorkerName, string>>;

const entryIn = (folder: string) => resolve(import.meta.dirname, folder, "index.ts");
const withInstantProvider: Entries = { agents: entryIn("agents"), objects: entryIn("objects") };
/** The agents as they are, for what is measured of texts that are written. */
export const withRealAgents: Entries = { objects: entryIn("objects") };

/** A Worker with a socket of its own, on which another one answers: nothing stands before that one, no assets either. */
const answeringFor = (worker: string): V4WorkerOptions => ({
  name: `socket-of-${worker}`,
  compatibilityDate: "2026-11-01",
  modules: true,
  script: "export default {};",
  unsafeDirectSockets: [{ host: "127.0.0.1", port: 0, serviceName: worker }],
});

/** Gateways beside the first one: what each is called, and its settings where they differ. */
type Gateways = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Further isolates of a Worker, each under a name of its own. */
const copiesOf = ({ bindings, ...worker }: V4WorkerOptions, gateways: Gateways): V4WorkerOptions[] =>
  Object.entries(gateways).map(([name, settings]) => ({
    ...worker,
    name: `${gateway}-${name}`,
    bindings: { ...bindings, ...settings },
  }));

/**
 * Every Worker and the baseline Worker in one workerd, each asked directly: neither `wrangler dev` nor Miniflare's entry
 * is in between, which would be what is measured.
 */
export async function startPlatform({
  entries = withInstantProvider,
  gateways = {},
  settings = {},
}: {
  entries?: Entries;
  gateways?: Gateways;
  /** Of all Workers. */
  settings?: Readonly<Record<string, string>>;
} = {}) {
  const directory = mkdtempSync(join(tmpdir(), "persona-bench-"));
  const configs = writeLocalConfigs(join(directory, "configs"), {
    LOG_LEVEL: "error",
    JWT_SECRET_KEY: signingKey,
    WEBHOOK_SECRETS_KEY: Buffer.alloc(32, 7).toString("base64"),
    EGRESS_ALLOW_LOOPBACK: "true",
    TRUST_CLIENT_IP: "false",
    ...settings,
  });
  for (const [name, path] of Object.entries(configs)) {
    const config: object = JSON.parse(readFileSync(path, "utf8"));
    const main: unknown = Reflect.get(entries, name);
    if (main !== undefined) writeFileSync(path, JSON.stringify({ ...config, main }));
  }
  const all = { ...configs, baseline: resolve(import.meta.dirname, "baseline/wrangler.toml") };
  const sources = [
    snapshotIn(join(directory, "configs")),
    ...Object.values(entries).map(dirname),
    ...["agents", "baseline", "cost", "objects"].map((name) => join(import.meta.dirname, name)),
  ];
  const [bundles] = await Promise.all([
    bundleWorkers(all, digestOf(sources)),
    prepareState(directory, configs.gateway),
  ]);
  const workers = Object.entries(all).map(([name, config]) => workerOptions(config, bundles[name] ?? ""));
  const copies = workers.filter(({ name }) => name === gateway).flatMap((one) => copiesOf(one, gateways));
  const asked = [
    ...[gateway, baseline, ...copies.flatMap(({ name }) => name ?? [])],
    ...Object.keys(entries).map((name) => `persona-${name}`),
  ];
  const runtime = new Miniflare(
    convertV4MiniflareOptions({
      workers: [...workers, ...copies, ...[...new Set(asked)].map(answeringFor)],
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
    /** Where another gateway answers. */
    gatewayUrl: (name: string) => address(`${gateway}-${name}`),
    /** Where the baseline answers. */
    baselineUrl: await address(baseline),
    /** Where a Worker answers that has an entry module of ours. */
    urlOf: (name: WorkerName) => address(`persona-${name}`),
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
