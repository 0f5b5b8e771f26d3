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
  // Not `npm ci`: it refuses a lock file without the optional packages of platforms that the registry it was
  // made with does not have. The versions are pinned by the lock file all the same.
  const { status } = spawnSync(
    "npm",
    ["install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"],
    {
      cwd: root,
      stdio: "inherit",
    },
  );
  if (status !== 0) {
    console.error("Installing failed; see above.");
    process.exit(status ?? 1);
  }
  writeFileSync(marker, lock);
}
