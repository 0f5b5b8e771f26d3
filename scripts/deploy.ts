import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deploymentCommands, isMove } from "./deployment-commands.ts";
import { placePages } from "./local/place-pages.ts";
import { copyAssets, workerConfigs } from "./local/worker-configs.ts";
import { writeMovingConfigs } from "./move-objects.ts";
import { writeObjectsAlone } from "./objects-alone.ts";
import { placeholdersIn } from "./placeholder-ids.ts";
import { spreadConfig } from "./spread-config.ts";

/**
 * `npm run deploy`: the migrations, and every Worker but the sandbox, in an order in which each is understood by
 * those that are there already; nothing while a file holds placeholders. Arguments go on to wrangler, `--dry-run` for
 * one; `--first` is for the first time, `--from-0.1` for an installation of that version.
 */
const { sandbox: _, ...deployed } = workerConfigs;
const options = process.argv.slice(2);
const placeholders = Object.values(deployed).flatMap((path) =>
  placeholdersIn(path, readFileSync(path, "utf8")),
);
if (placeholders.length > 0 && !options.includes("--dry-run")) {
  console.error(
    `Not deployed: these are placeholders (docs/deployment.md, step 1)\n  ${placeholders.join("\n  ")}`,
  );
  process.exit(1);
}
copyAssets();
await placePages();
const directory = mkdtempSync(join(tmpdir(), "persona-deploy-"));
process.once("exit", () => rmSync(directory, { recursive: true, force: true }));
const moving = isMove(options) ? writeMovingConfigs(directory) : undefined;
const objectsAlone = writeObjectsAlone(directory);
const ownFiles: readonly string[] = [...Object.values(deployed), objectsAlone];
for (const command of deploymentCommands(options, { objectsAlone, moving })) {
  const parameters = command.map((word) => (ownFiles.includes(word) ? spreadConfig(word) : word));
  console.log(`\n> wrangler ${parameters.join(" ")}`);
  const { status } = spawnSync("node_modules/.bin/wrangler", parameters, { stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}
