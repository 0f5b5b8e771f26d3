import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import type { LocalOptions } from "./options.ts";

export interface LocalServer {
  baseUrl: string;
  process: ChildProcess;
  /** Everything the server prints. */
  logFile: string;
}

/**
 * Starts the Workers in a process group of their own; their output goes to `server.log`. They end when this process is
 * gone, however it went: it holds their standard input.
 */
export function startServer({ port, baseUrl, stateDirectory }: LocalOptions): LocalServer {
  const logFile = join(stateDirectory, "server.log");
  const log = openSync(logFile, "a", 0o600);
  const runtime = join(import.meta.dirname, "runtime.ts");
  const server = spawn(process.execPath, [runtime, stateDirectory, String(port)], {
    cwd: stateDirectory,
    detached: true,
    stdio: ["pipe", log, log],
    env: { ...process.env, NO_COLOR: "1" },
  });
  closeSync(log);
  return { baseUrl, process: server, logFile };
}

/** Signals the whole process group of a process that leads one; none when it is gone. */
export function signalGroup({ pid }: Pick<ChildProcess, "pid">, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

/**
 * Ends the whole process group: politely, then for good after 3 s (the contract is 5 s). Also when the process that was
 * started is gone: if it was killed, its workerd is still there.
 */
export async function stopServer({ process: server }: LocalServer): Promise<void> {
  const send = (signal: NodeJS.Signals) => signalGroup(server, signal);
  if (server.exitCode === null && server.signalCode === null) {
    const exited = new Promise((settle) => server.once("exit", settle));
    send("SIGTERM");
    const giveUp = setTimeout(() => send("SIGKILL"), 3000);
    await exited;
    clearTimeout(giveUp);
  }
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
