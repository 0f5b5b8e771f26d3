import { readFileSync } from "node:fs";
import { join } from "node:path";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare, MiniflareCoreError } from "miniflare";
import { toolAddresses } from "./tool-addresses.ts";

/**
 * `node scripts/local/runtime.ts <state directory> <port>`: runs every Worker in one workerd, until it is told to end
 * or whoever has started it is gone, which the end of its standard input says. A workerd that was killed is started
 * again; where that fails, everything ends.
 */
const [stateDirectory = "", argument] = process.argv.slice(2);
const port = Number(argument);

/** What the runtime has to say. Not each batch of a queue. */
class RuntimeLog extends Log {
  override error(error: Error): void {
    super.error(error);
    if (error instanceof MiniflareCoreError && error.code === "ERR_RUNTIME_FAILURE") process.exit(1);
  }
}

const runtime = new Miniflare(
  convertV4MiniflareOptions({
    workers: [
      ...JSON.parse(readFileSync(join(stateDirectory, "configs/runtime.json"), "utf8")),
      toolAddresses(port),
    ],
    host: "127.0.0.1",
    port,
    resourcePersistencePath: join(stateDirectory, "v3"),
    resourceTmpPath: join(stateDirectory, "tmp"),
    // Else it asks Cloudflare where this machine is.
    cf: false,
    log: new RuntimeLog(LogLevel.WARN),
    logRequests: false,
    handleStructuredLogs: ({ level, message }) =>
      level === "error" || level === "warn" ? console.error(message) : console.log(message),
    // The cron trigger (cron.ts) and the explorer of local data, under this machine's names only.
    unsafeTriggerHandlers: true,
    unsafeLocalExplorer: true,
  }),
);

let stopping = false;
async function stop(code: number): Promise<void> {
  if (stopping) return;
  stopping = true;
  await runtime.dispose();
  process.exit(code);
}
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => stop(0));
process.stdin.resume().once("close", () => stop(1));

await runtime.ready.catch((error) => {
  if (stopping) return;
  console.error(error);
  process.exit(1);
});
