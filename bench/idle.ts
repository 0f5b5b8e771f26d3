import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "#scripts/local/port.ts";
import type { Extent } from "./extent.ts";
import { cpuMs, residentMb, treeOf } from "./processes.ts";
import { type Finding, within } from "./report.ts";

/** What `npm start` may take with nothing to do: resident memory of all its processes, and of a core. */
const [memoryGoalMb, cpuGoalPercent] = [800, 1];

async function untilHealthy(url: string): Promise<void> {
  const isHealthy = () =>
    fetch(`${url}/health`).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await isHealthy())) await new Promise((resolve) => setTimeout(resolve, 200));
}

/** What the local platform takes from the machine while nobody uses it. */
export async function benchIdle({ idleSeconds }: Extent): Promise<Finding[]> {
  const [directory, port] = [mkdtempSync(join(tmpdir(), "persona-idle-")), await freePort()];
  const starter = spawn("npm", ["start"], {
    cwd: join(import.meta.dirname, ".."),
    env: { ...process.env, PORT: String(port), STATE_DIR: directory },
    stdio: "ignore",
    detached: true,
  });
  const { pid } = starter;
  if (pid === undefined) throw new Error("npm start did not start");
  const ended = new Promise((resolve) => starter.once("exit", resolve));
  try {
    await untilHealthy(`http://127.0.0.1:${port}`);
    const pause = () => new Promise((resolve) => setTimeout(resolve, idleSeconds * 1000));
    await pause();
    const tree = treeOf(pid);
    const before = cpuMs(...tree);
    await pause();
    const percent = (cpuMs(...tree) - before) / (idleSeconds * 10);
    const what = `npm start with nothing to do, ${tree.length} processes`;
    return [
      within(memoryGoalMb, `${what}: memory`, residentMb(...tree), (value) => `${value.toFixed(0)} MB`),
      within(cpuGoalPercent, `${what}: of a core`, percent, (value) => `${value.toFixed(2)} %`),
    ];
  } finally {
    process.kill(-pid, "SIGTERM");
    await ended;
    rmSync(directory, { recursive: true, force: true });
  }
}
