import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** A file's changes in a diff: pieces, each with what was there and what is there then. */
interface FileDiff {
  path: string;
  isNew: boolean;
  hunks: { before: string; after: string }[];
}

function filesIn(diff: string): FileDiff[] {
  return diff
    .split(/^(?=--- )/m)
    .filter((part) => part.startsWith("--- "))
    .map((part) => {
      const [from = "", to = "", ...lines] = part.trimEnd().split("\n");
      const hunks = lines
        .join("\n")
        .split(/^@@.*\n?/m)
        .slice(1)
        .map((hunk) => {
          const side = (other: string) =>
            hunk
              .replace(/\n$/, "")
              .split("\n")
              .filter((line) => !line.startsWith(other))
              .map((line) => `${line.slice(1)}\n`)
              .join("");
          return { before: side("+"), after: side("-") };
        });
      return { path: to.replace(/^\+\+\+ b\//, ""), isNew: from === "--- /dev/null", hunks };
    });
}

/**
 * Applies a unified diff, whose pieces are found by what they say and not by line numbers.
 * @throws Error where a piece is not there, or not once
 * @returns the paths that it changes
 */
export function applyDiff(root: string, diff: string): string[] {
  return filesIn(diff).map(({ path, isNew, hunks }) => {
    const file = join(root, path);
    let text = isNew ? "" : readFileSync(file, "utf8");
    for (const { before, after } of hunks) {
      const places = before === "" ? 1 : text.split(before).length - 1;
      if (places !== 1) throw new Error(`${path}: there ${places} times instead of once:\n${before}`);
      text = text.replace(before, () => after);
    }
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return path;
  });
}
