import { createHash } from "node:crypto";
import { globSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";

/** A digest of files and of all that is in folders, by name and content; packages aside. */
export function digestOf(paths: readonly string[]): string {
  const hash = createHash("sha256");
  for (const path of paths) {
    hash.update(`${basename(path)}\0`);
    const names = statSync(path).isDirectory()
      ? globSync("**/*.*", { cwd: path, exclude: (name) => name === "node_modules" }).sort()
      : [""];
    for (const name of names) {
      const file = join(path, name);
      if (statSync(file).isFile()) hash.update(`${name}\0`).update(readFileSync(file)).update("\0");
    }
  }
  return hash.digest("hex").slice(0, 32);
}
