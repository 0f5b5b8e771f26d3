/** How many lines a file has, and how many of them were reached. */
interface Lines {
  path: string;
  total: number;
  covered: number;
}

/** `src/projects`, `workers/gateway`: what is told together. */
const folderOf = (path: string): string => path.split("/").slice(0, 2).join("/");

const shown = (name: string, lines: readonly Lines[]): { name: string; share: number; text: string } => {
  const total = lines.reduce((sum, file) => sum + file.total, 0);
  const covered = lines.reduce((sum, file) => sum + file.covered, 0);
  const share = total === 0 ? 1 : covered / total;
  return { name, share, text: `${(100 * share).toFixed(1).padStart(6)} %  ${name} (${covered} of ${total})` };
};

/** The share of lines that was reached, by folder, the least first, and of all. */
export function coverageTable(files: readonly Lines[]): string {
  const folders = [...Map.groupBy(files, ({ path }) => folderOf(path))]
    .map(([name, own]) => shown(name, own))
    .toSorted((one, other) => one.share - other.share || one.name.localeCompare(other.name));
  return [...folders, shown("all lines", files)].map(({ text }) => text).join("\n");
}
