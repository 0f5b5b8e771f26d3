import { cpSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");

/** All that the Workers are built from, but for packages. */
export const buildSources = [
  "src",
  "workers",
  "durable-objects",
  "client/src",
  "migrations",
  "tsconfig.json",
  "package.json",
  "wrangler.toml",
];

/** Where the copy in a directory is. */
export const snapshotIn = (directory: string): string => join(directory, "source");

/**
 * Copies what the Workers are built from, so that what somebody writes meanwhile is no half of what is built. Nobody
 * writes into a copy.
 * @returns where the copy is
 */
export function takeSnapshot(directory: string): string {
  const snapshot = snapshotIn(directory);
  rmSync(snapshot, { recursive: true, force: true });
  mkdirSync(snapshot, { recursive: true });
  for (const name of buildSources) cpSync(join(root, name), join(snapshot, name), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(snapshot, "node_modules"), "dir");
  return snapshot;
}
