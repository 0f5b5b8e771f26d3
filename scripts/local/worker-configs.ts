import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parse } from "smol-toml";
import { spreadQueues } from "../spread-queues.ts";
import { demo } from "./options.ts";
import { takeSnapshot } from "./snapshot.ts";

const root = resolve(import.meta.dirname, "../..");

/** Wrangler files of every Worker, the public one first. */
export const workerConfigs = {
  gateway: "wrangler.toml",
  objects: "workers/objects/wrangler.toml",
  agents: "workers/agents/wrangler.toml",
  adapters: "workers/adapters/wrangler.toml",
  documents: "workers/documents/wrangler.toml",
  events: "workers/events/wrangler.toml",
  sandbox: "workers/sandbox/wrangler.toml",
} as const;

export type WorkerName = keyof typeof workerConfigs;

/** Consumers that ask the sandbox. */
const sandboxClients: readonly WorkerName[] = ["agents", "adapters"];

const sandbox = { binding: "SANDBOX", service: "persona-sandbox" };
/** What is bound on one machine only. */
const localServices: Partial<Record<WorkerName, Record<string, string>[]>> = {
  gateway: [sandbox],
  agents: [sandbox],
  adapters: [sandbox],
  // Its payments tell what has happened to them.
  sandbox: [{ binding: "GATEWAY", service: "persona-gateway" }],
};

/** Local queues hand over one batch after the other, and count no connections: the larger, the more there is at work. */
const localBatchSize = 10;

function widenBatches(queues: unknown): void {
  const consumers = queues && typeof queues === "object" && "consumers" in queues ? queues.consumers : [];
  for (const consumer of [consumers].flat())
    if (consumer && typeof consumer === "object") Object.assign(consumer, { max_batch_size: localBatchSize });
}

/**
 * Puts the reference page's script among the gateway's assets, so that `/api/docs` works offline.
 * @param source where the gateway's sources are
 */
export function copyAssets(source = root): void {
  const target = join(source, "workers/gateway/assets/assets/api-reference.js");
  mkdirSync(dirname(target), { recursive: true });
  copyFileSync(join(root, "node_modules/@scalar/api-reference/dist/browser/standalone.js"), target);
}

/** A value of `.dev.vars` as it is: within quotes nothing is escaped, so settings that are JSON keep their own. */
function quoted(key: string, value: string): string {
  const quote = ["'", "`", '"'].find((mark) => !value.includes(mark));
  if (quote === undefined) throw new Error(`${key} has quotes of every kind, which .dev.vars cannot hold`);
  return `${quote}${value}${quote}`;
}

/**
 * Writes the configuration of every Worker for one machine: the deployed
 * files plus development settings and a binding to the sandbox Worker. The
 * deployed files never name the sandbox, so production cannot reach it.
 *
 * @param directory where the files go; they hold secrets, so it must be private
 * @param settings text settings given to every Worker by `.dev.vars`, which wrangler does not print
 * @param sources where the sources are; else a copy that is made, which stays as it is
 * @returns the paths, the gateway's first
 */
export function writeLocalConfigs(
  directory: string,
  settings: Record<string, string>,
  sources?: string,
): Record<WorkerName, string> {
  mkdirSync(directory, { recursive: true });
  const sourceFolder = sources ?? takeSnapshot(directory);
  copyAssets(sourceFolder);
  const write = (name: WorkerName): string => {
    const source = join(sourceFolder, workerConfigs[name]);
    const config = parse(readFileSync(source, "utf8"));
    const folder = dirname(source);
    const absolute = (path: unknown) => resolve(folder, String(path));
    config.main = absolute(config.main);
    config.vars = {
      ENVIRONMENT: "development",
      LOCAL_QUEUES: "true",
      TASK_LEASE_SECONDS: "5",
      OPERATOR_CLIENT_ID: demo.clientId,
    };
    // Work may outlive its batch with local queues (src/tasks/detached-work.ts), and nowhere else.
    config.compatibility_flags = ["nodejs_compat", "queue_consumer_no_wait_for_wait_until"];
    const queues = spreadQueues(config.queues, settings.QUEUE_NUMBERS);
    if (sandboxClients.includes(name)) widenBatches(queues);
    const services = localServices[name];
    if (services) config.services = services;
    for (const entry of [config.assets].flat()) {
      if (entry && typeof entry === "object" && "directory" in entry)
        entry.directory = absolute(entry.directory);
    }
    for (const entry of [config.d1_databases ?? []].flat()) {
      if (typeof entry === "object" && "migrations_dir" in entry)
        entry.migrations_dir = absolute(entry.migrations_dir);
    }
    const path = resolve(directory, `${name}.json`);
    writeFileSync(path, JSON.stringify({ ...config, queues }, null, 2), { mode: 0o600 });
    return path;
  };
  const lines = Object.entries(settings).map(([key, value]) => `${key}=${quoted(key, value)}\n`);
  writeFileSync(resolve(directory, ".dev.vars"), lines.join(""), { mode: 0o600 });
  return {
    gateway: write("gateway"),
    objects: write("objects"),
    agents: write("agents"),
    adapters: write("adapters"),
    documents: write("documents"),
    events: write("events"),
    sandbox: write("sandbox"),
  };
}
