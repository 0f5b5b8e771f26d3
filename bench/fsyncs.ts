import { spawn, spawnSync } from "node:child_process";

/** Whether calls of a process to the system can be counted here. */
export const canCountFsyncs = (): boolean => spawnSync("strace", ["-V"]).status === 0;

/** How often a process asks for its writes to be on the disk while something is done. It is slower for being watched. */
export async function countFsyncs(pid: number, work: () => Promise<unknown>): Promise<number> {
  const tracer = spawn("strace", ["-f", "-p", String(pid), "-e", "trace=fsync,fdatasync"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = new Promise((resolve) => tracer.once("close", resolve));
  const said: string[] = [];
  const attached = new Promise<void>((resolve, reject) => {
    tracer.once("exit", () => reject(new Error(`strace: ${said.join("")}`)));
    tracer.stderr.on("data", (part) => {
      said.push(String(part));
      if (said.join("").includes("attached")) resolve();
    });
  });
  await attached;
  await work();
  tracer.kill("SIGINT");
  await ended;
  // A call that another thread's comes between is written as two lines.
  return said.join("").match(/\b(fsync|fdatasync)\(/g)?.length ?? 0;
}
