import { readdirSync, readFileSync } from "node:fs";

/** Milliseconds of a tick of the process table. */
const tick = 10;

/** What the kernel says of a process; nothing when it is gone. */
function statusOf(pid: number): { parent: number; cpuMs: number; command: string } | undefined {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, "utf8");
    const [command = "", rest = ""] = [
      line.slice(line.indexOf("(") + 1, line.lastIndexOf(")")),
      line.slice(line.lastIndexOf(")") + 2),
    ];
    const fields = rest.split(" ");
    return { parent: Number(fields[1]), cpuMs: (Number(fields[11]) + Number(fields[12])) * tick, command };
  } catch {
    return undefined;
  }
}

const running = (): number[] =>
  readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));

/** A process and all that it has started, directly or not. */
export function treeOf(root: number): number[] {
  const parents = running().map((pid) => ({ pid, parent: statusOf(pid)?.parent }));
  const below = (pid: number): number[] => [
    pid,
    ...parents.filter(({ parent }) => parent === pid).flatMap((child) => below(child.pid)),
  ];
  return below(root);
}

/** The process of a name among those that a process has started. */
export function childOf(root: number, command: string): number {
  const found = treeOf(root).find((pid) => statusOf(pid)?.command === command);
  if (found === undefined) throw new Error(`No ${command} runs below ${root}`);
  return found;
}

/** Milliseconds that processes have computed for. */
export const cpuMs = (...pids: readonly number[]): number =>
  pids.reduce((sum, pid) => sum + (statusOf(pid)?.cpuMs ?? 0), 0);

/** Resident memory of processes in MB, pages that they share counted in each. */
export const residentMb = (...pids: readonly number[]): number =>
  pids.reduce((sum, pid) => {
    const [, kilobytes = "0"] =
      /^Rss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8")) ?? [];
    return sum + Number(kilobytes) / 1024;
  }, 0);
