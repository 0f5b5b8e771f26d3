import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");

export interface SourceFile {
  /** Path from the project's root. */
  path: string;
  text: string;
  /** Imported files (from the root) and packages; `runtime` is false for type-only imports. */
  imports: { target: string; runtime: boolean }[];
}

const statement = /^(?:import|export)\s+(type\s)?(?:[^"';]*?\sfrom\s+)?"([^"]+)";?$/gms;

function importsOf(path: string, text: string): SourceFile["imports"] {
  return [...text.matchAll(statement)].map(([, type, name = ""]) => ({
    target: name.startsWith(".") ? normalize(join(dirname(path), name)) : name,
    runtime: type === undefined,
  }));
}

/** Every source file below the given folders. */
export const sourceFiles = (...folders: string[]): SourceFile[] =>
  folders
    .flatMap((folder) => globSync(`${folder}/**/*.ts`, { cwd: root }))
    .sort()
    .map((path) => {
      const text = readFileSync(join(root, path), "utf8");
      return { path, text, imports: importsOf(path, text) };
    });
