import { execFileSync, spawn } from "node:child_process";
import { chownSync, globSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { freePort } from "#scripts/local/port.ts";

/** PostgreSQL's programs, where they are installed. */
function findPrograms(): string | undefined {
  const onPath = (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, "initdb"));
  return globSync(["/usr/lib/postgresql/*/bin/initdb", ...onPath])
    .toSorted()
    .map((path) => dirname(path))
    .at(-1);
}

/** PostgreSQL refuses to run as root: then it is `nobody`. */
function unprivileged(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const id = (option: string) => Number(execFileSync("id", [option, "nobody"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createConnection(port, "127.0.0.1", () => resolve(socket.end() !== undefined));
    socket.once("error", () => resolve(false));
  });

/** A PostgreSQL of its own on 127.0.0.1, as it is set up by default; nothing where none is installed. */
export async function startPostgres(): Promise<{ url: string; stop(): Promise<void> } | undefined> {
  const programs = findPrograms();
  if (programs === undefined) return undefined;
  const user = unprivileged();
  const folder = mkdtempSync(join(tmpdir(), "bench-postgres-"));
  const data = join(folder, "data");
  mkdirSync(data, { mode: 0o700 });
  if (user.uid !== undefined && user.gid !== undefined)
    for (const path of [folder, data]) chownSync(path, user.uid, user.gid);
  const options = { ...user, cwd: folder, stdio: "ignore" } as const;
  execFileSync(join(programs, "initdb"), ["-D", data, "-U", "bench", "-A", "trust"], options);
  const port = await freePort();
  const server = spawn(
    join(programs, "postgres"),
    ["-D", data, "-h", "127.0.0.1", "-p", String(port), "-k", folder, "-c", "max_connections=200"],
    options,
  );
  const ended = new Promise((resolve) => server.once("exit", resolve));
  while (!(await answers(port))) {
    if (server.exitCode !== null) throw new Error("PostgreSQL did not start");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    url: `postgres://bench@127.0.0.1:${port}/postgres`,
    stop: async () => {
      server.kill("SIGINT");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
