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

/** What an import names: a file of ours, by its path from the root, or a package. */
function targetOf(path: string, name: string): string {
  if (name.startsWith(".")) return normalize(join(dirname(path), name));
  return name.startsWith("#") ? name.replace("#client/", "client/src/").replace("#", "") : name;
}

function importsOf(path: string, text: string): SourceFile["imports"] {
  return [...text.matchAll(statement)].map(([, type, name = ""]) => ({
    target: targetOf(path, name),
    runtime: type === undefined,
  }));
}

/** Every source file below the given folders. */
export const sourceFiles = (...folders: string[]): SourceFile[] =>
  folders
    .flatMap((folder) =>
      globSync(`${folder}/**/*.{ts,tsx}`, { cwd: root, exclude: (name) => name === "node_modules" }),
    )
    .sort()
    .map((path) => {
      const text = readFileSync(join(root, path), "utf8");
      return { path, text, imports: importsOf(path, text) };
    });

/**
 * Who imports whom.
 * @param nodeOf what a file is part of; undefined for files that are left out
 */
export function graphOf(
  files: readonly SourceFile[],
  nodeOf: (file: Pick<SourceFile, "path">) => string | undefined,
): Map<string, Set<string>> {
  const graph = new Map<string, Set<string>>();
  for (const { path, imports } of files) {
    const from = nodeOf({ path });
    if (from === undefined) continue;
    const targets = graph.get(from) ?? new Set();
    graph.set(from, targets);
    for (const { target } of imports) {
      const to = nodeOf({ path: target });
      if (to !== undefined && to !== from) targets.add(to);
    }
  }
  return graph;
}

/** The circles that a walk from every node meets, each told once as `a → b → a`. */
export function cyclesIn(graph: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (node: string, trail: readonly string[]) => {
    if (trail.includes(node)) cycles.push([...trail.slice(trail.indexOf(node)), node].join(" → "));
    if (done.has(node) || trail.includes(node)) return;
    for (const target of graph.get(node) ?? []) visit(target, [...trail, node]);
    done.add(node);
  };
  for (const node of graph.keys()) visit(node, []);
  return cycles;
}
