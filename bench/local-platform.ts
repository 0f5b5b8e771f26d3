import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "#scripts/local/port.ts";

async function untilHealthy(url: string): Promise<void> {
  const isHealthy = () =>
    fetch(`${url}/health`).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await isHealthy())) await new Promise((resolve) => setTimeout(resolve, 200));
}

/** What `npm start` starts, with a state of its own, for as long as something is done with it. */
export async function withLocalPlatform<T>(
  work: (platform: { url: string; pid: number }) => Promise<T>,
): Promise<T> {
  const [directory, port] = [mkdtempSync(join(tmpdir(), "persona-local-")), await freePort()];
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
    const url = `http://127.0.0.1:${port}`;
    await untilHealthy(url);
    return await work({ url, pid });
  } finally {
    process.kill(-pid, "SIGTERM");
    await ended;
    rmSync(directory, { recursive: true, force: true });
  }
}
