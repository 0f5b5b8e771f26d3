import { spawnSync } from "node:child_process";
import { copyAssets, workerConfigs } from "./local/worker-configs.ts";

/**
 * `npm run deploy`: every Worker but the sandbox, the gateway first since it
 * hosts the Durable Object classes. Arguments go on to wrangler, `--dry-run` for one.
 */
copyAssets();
const { sandbox: _, ...deployed } = workerConfigs;
for (const config of Object.values(deployed)) {
  console.log(`\n> wrangler deploy -c ${config}`);
  const parameters = ["deploy", "-c", config, ...process.argv.slice(2)];
  const { status } = spawnSync("node_modules/.bin/wrangler", parameters, { stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}
