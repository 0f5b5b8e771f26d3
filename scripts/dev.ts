import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { localOptions, settingsFromEnvironment } from "./local/options.ts";
import { placePages } from "./local/place-pages.ts";
import { prepareState } from "./local/prepare-state.ts";
import { developmentSecrets } from "./local/secrets.ts";
import { writeLocalConfigs } from "./local/worker-configs.ts";

/**
 * `npm run dev`: the same Workers under `wrangler dev`, from the checkout itself, so that each change of a file is
 * there at once. It has a state of its own (`.wrangler/dev`): wrangler keeps the objects' files under other names than
 * `npm start`, which has those of the first release. What follows goes on to wrangler.
 */
const root = resolve(import.meta.dirname, "..");
const { port, stateDirectory } = localOptions({ STATE_DIR: ".wrangler/dev", ...process.env });
mkdirSync(stateDirectory, { recursive: true, mode: 0o700 });
const settings = {
  TRUST_CLIENT_IP: "false",
  ...developmentSecrets(stateDirectory),
  ...settingsFromEnvironment(),
};
const configs = writeLocalConfigs(join(stateDirectory, "configs"), settings, root);
await Promise.all([prepareState(stateDirectory, configs.gateway), placePages()]);
const wrangler = spawn(
  process.execPath,
  [
    ...[join(root, "node_modules/.bin/wrangler"), "dev", ...process.argv.slice(2)],
    ...Object.values(configs).flatMap((path) => ["-c", path]),
    ...["--ip", "127.0.0.1", "--port", String(port), "--persist-to", stateDirectory],
  ],
  {
    cwd: root,
    stdio: "inherit",
    env: {
      ...process.env,
      // Two platforms on one machine must not find each other's Workers.
      WRANGLER_REGISTRY_PATH: join(stateDirectory, "registry"),
      WRANGLER_SEND_METRICS: "false",
      // The tool's own tracing of every call and query would take half of all time.
      X_LOCAL_OBSERVABILITY: "false",
    },
  },
);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.on(signal, () => wrangler.kill(signal));
wrangler.once("exit", (code) => process.exit(code ?? 0));
