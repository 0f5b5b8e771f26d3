import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { type LocalOptions, settingsFromEnvironment } from "./options.ts";
import { becomesFree } from "./port.ts";
import { developmentSecrets } from "./secrets.ts";
import { type LocalServer, signalGroup, startServer } from "./server.ts";

/**
 * Has another process write down what there is to run, and carry the state forward.
 * @throws with what that process says, when it fails
 */
async function prepare(
  stateDirectory: string,
  settings: Record<string, string>,
  hasPast: boolean,
): Promise<void> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "prepare.ts")], {
    stdio: ["pipe", "ignore", "pipe"],
    // A group of its own, which goes when this process does: it has bundlers and a runtime beneath it.
    detached: true,
  });
  const end = () => signalGroup(child, "SIGKILL");
  process.once("exit", end);
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  child.stdin.end(JSON.stringify({ stateDirectory, settings, hasPast }));
  const complaint = text(child.stderr);
  const code = await ended;
  process.off("exit", end);
  if (code !== 0) throw new Error((await complaint).trim());
}

/**
 * Prepares local state and starts every Worker on it. The server may not be
 * ready yet: await `untilHealthy`; end it with `stopServer`.
 * @param settings of the Workers; those of the environment unless given
 * @param options.hasPast whether the demo tenant is to have a past, where its state is new
 * @throws when the port is taken, before anything is touched, and when the state is not to be opened
 */
export async function launch(
  options: LocalOptions,
  settings: Record<string, string> = settingsFromEnvironment(),
  { hasPast = false } = {},
): Promise<LocalServer> {
  if (!(await becomesFree(options.port))) {
    throw new Error(
      `Port ${options.port} on 127.0.0.1 is taken. Stop what runs there, or choose another: PORT=8788 npm start`,
    );
  }
  mkdirSync(options.stateDirectory, { recursive: true, mode: 0o700 });
  const all = { TRUST_CLIENT_IP: "false", ...developmentSecrets(options.stateDirectory), ...settings };
  await prepare(options.stateDirectory, all, hasPast);
  return startServer(options);
}
