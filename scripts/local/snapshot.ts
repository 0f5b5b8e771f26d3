import { cpSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");

/** All that the Workers are built from, but for packages. */
export const buildSources = [
  "src",
  "workers",
  "durable-objects",
  "migrations",
  "tsconfig.json",
  "package.json",
  "wrangler.toml",
];

/**
 * Copies what the Workers are built from. `wrangler dev` reloads them whenever one of the files changes that it has
 * read, and what was under way is lost; nobody writes into a copy.
 * @returns where the copy is
 */
export function takeSnapshot(directory: string): string {
  const snapshot = join(directory, "source");
  rmSync(snapshot, { recursive: true, force: true });
  mkdirSync(snapshot, { recursive: true });
  for (const name of buildSources) cpSync(join(root, name), join(snapshot, name), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(snapshot, "node_modules"), "dir");
  return snapshot;
}
