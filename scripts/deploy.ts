import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { copyAssets, workerConfigs } from "./local/worker-configs.ts";
import { placeholdersIn } from "./placeholder-ids.ts";

/**
 * `npm run deploy`: every Worker but the sandbox, the gateway first since it
 * hosts the Durable Object classes; none while a file holds placeholders. Arguments go on to wrangler, `--dry-run` for one.
 */
const { sandbox: _, ...deployed } = workerConfigs;
const parameters = process.argv.slice(2);
const placeholders = Object.values(deployed).flatMap((path) =>
  placeholdersIn(path, readFileSync(path, "utf8")),
);
if (placeholders.length > 0 && !parameters.includes("--dry-run")) {
  console.error(
    `Not deployed: these are placeholders (docs/deployment.md, step 1)\n  ${placeholders.join("\n  ")}`,
  );
  process.exit(1);
}
copyAssets();
for (const config of Object.values(deployed)) {
  console.log(`\n> wrangler deploy -c ${config}`);
  const { status } = spawnSync("node_modules/.bin/wrangler", ["deploy", "-c", config, ...parameters], {
    stdio: "inherit",
  });
  if (status !== 0) process.exit(status ?? 1);
}
