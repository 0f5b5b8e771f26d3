import { type ChildProcess, execFileSync, fork } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Load, Timing } from "./load.ts";

const folder = join(import.meta.dirname, "peers");
const timingSchema = z.object({ median: z.number(), p95: z.number(), perSecond: z.number() });

/** Something else that does the same, in a process of its own. */
export interface Peer {
  pid: number;
  /** What it has said first: that it is ready, or its address. */
  greeting: string;
  timed(load: Load): Promise<Timing>;
  /** Whatever else it answers. */
  ask<Answer>(question: object, answer: z.ZodType<Answer>): Promise<Answer>;
  stop(): void;
}

/** Installs what the platform is measured beside; whether it is there. */
export function arePeersInstalled(): boolean {
  if (existsSync(join(folder, "node_modules"))) return true;
  try {
    execFileSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
      cwd: folder,
      stdio: "inherit",
      timeout: 300_000,
    });
    return true;
  } catch {
    console.error("The peers could not be installed: their rows are left out");
    return false;
  }
}

/** The slowest row takes half a minute. */
const patienceMs = 180_000;

const nextMessage = (child: ChildProcess): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const gone = (code: number | null) => reject(new Error(`A peer has ended (${code})`));
    const late = setTimeout(() => reject(new Error(`${child.spawnargs.at(-1)} is silent`)), patienceMs);
    child.once("exit", gone);
    child.once("message", (message) => {
      clearTimeout(late);
      child.off("exit", gone);
      resolve(message);
    });
  });

/** Starts a script of `bench/peers`. */
export async function startPeer(name: string, environment: Record<string, string>): Promise<Peer> {
  const child = fork(join(folder, `${name}.mjs`), {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const greeting = z.string().parse(await nextMessage(child));
  const ask: Peer["ask"] = async (question, schema) => {
    const answer = nextMessage(child);
    child.send(question);
    return schema.parse(await answer);
  };
  return {
    pid: z.number().parse(child.pid),
    greeting,
    timed: (load) => ask(load, timingSchema),
    ask,
    stop: () => {
      child.kill();
    },
  };
}
