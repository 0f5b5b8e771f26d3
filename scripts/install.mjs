// Runs on whatever Node the machine has (20 or newer), before anything is installed: keep it plain.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");

/** Node 24 from node_modules: every script runs on it whatever the machine has. */
export const node = join(root, "node_modules/.bin/node");

/** Installs dependencies when they are missing or the lock file has changed. */
export function ensureInstalled() {
  const marker = join(root, "node_modules/.installed-lock");
  const lock = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  if (existsSync(node) && existsSync(marker) && readFileSync(marker, "utf8") === lock) return;
  console.log("Installing dependencies…");
  // `ci` starts from nothing; over an existing tree `install --no-save` only adds what is missing.
  const command = existsSync(node) ? ["install", "--no-save"] : ["ci"];
  const { status } = spawnSync("npm", [...command, "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: "inherit",
  });
  if (status !== 0) {
    console.error("Installing failed; see above.");
    process.exit(status ?? 1);
  }
  writeFileSync(marker, lock);
}
