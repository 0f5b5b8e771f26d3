/** Lines of a wrangler file with an id that belongs to nobody: zeros up to the last digit, as in the files of the repository. */
export const placeholdersIn = (path: string, text: string): string[] =>
  text.split("\n").flatMap((line, at) => {
    const [, id = ""] = /^\s*(?:\w+_)?id\s*=\s*"([^"]*)"/.exec(line) ?? [];
    return /^[0-]+[0-9a-f]?$/i.test(id) ? [`${path}:${at + 1}: ${line.trim()}`] : [];
  });
