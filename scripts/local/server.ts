import { type ChildProcess, spawn } from "node:child_process";
import { openSync } from "node:fs";
import { join, resolve } from "node:path";
import type { LocalOptions } from "./options.ts";
import type { WorkerName } from "./worker-configs.ts";

const root = resolve(import.meta.dirname, "../..");

export interface LocalServer {
  baseUrl: string;
  process: ChildProcess;
  /** Everything the server prints. */
  logFile: string;
}

/**
 * Starts `wrangler dev` with every Worker in one process group of its own; its output goes to `server.log`.
 * `attend.mjs` in between ends it when this process is gone: one that was killed ends nothing any more.
 */
export function startServer(
  { port, baseUrl, stateDirectory }: LocalOptions,
  configs: Record<WorkerName, string>,
): LocalServer {
  const logFile = join(stateDirectory, "server.log");
  const log = openSync(logFile, "a", 0o600);
  const server = spawn(
    process.execPath,
    [
      ...[join(root, "scripts/attend.mjs"), join(root, "node_modules/.bin/wrangler"), "dev"],
      ...Object.values(configs).flatMap((path) => ["-c", path]),
      ...["--ip", "127.0.0.1", "--port", String(port), "--inspector-port", "0"],
      ...["--persist-to", stateDirectory, "--show-interactive-dev-session=false"],
    ],
    {
      cwd: root,
      detached: true,
      stdio: ["ignore", log, log],
      env: {
        ...process.env,
        // Two platforms on one machine must not find each other's Workers.
        WRANGLER_REGISTRY_PATH: join(stateDirectory, "registry"),
        WRANGLER_SEND_METRICS: "false",
        // The tool's own tracing of every call and query would take half of all time.
        X_LOCAL_OBSERVABILITY: "false",
        NO_COLOR: "1",
      },
    },
  );
  return { baseUrl, process: server, logFile };
}

/** Ends the whole process group: politely, then for good after 3 s (the contract is 5 s). */
export async function stopServer({ process: server }: LocalServer): Promise<void> {
  if (server.pid === undefined || server.exitCode !== null || server.signalCode !== null) return;
  const group = -server.pid;
  const exited = new Promise((settle) => server.once("exit", settle));
  const send = (signal: NodeJS.Signals) => {
    try {
      process.kill(group, signal);
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
    }
  };
  send("SIGTERM");
  const giveUp = setTimeout(() => send("SIGKILL"), 3000);
  await exited;
  clearTimeout(giveUp);
  send("SIGKILL");
}

/** Resolves when GET /health answers 200; rejects when the server ends first or `timeoutMs` have passed. */
export async function untilHealthy(
  { baseUrl, process: server, logFile }: LocalServer,
  timeoutMs = 60_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (Date.now() < deadline) {
    if (server.exitCode !== null || server.signalCode !== null) {
      throw new Error(`The server ended before it was ready; see ${logFile}`);
    }
    const healthy = await fetch(`${baseUrl}/health`, { signal: AbortSignal.timeout(5000) }).then(
      ({ status }) => status === 200,
      () => false,
    );
    if (healthy) return;
    await new Promise((settle) => setTimeout(settle, 100));
  }
  throw new Error(`The server did not become healthy within ${timeoutMs / 1000} s; see ${logFile}`);
}
