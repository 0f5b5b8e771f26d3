/** What spreadsheets put between columns, by country and by how the file was saved. */
const delimiters = [",", ";", "\t"];

export interface Layout {
  delimiter: string;
  /** Where the header begins: after a line that only names the delimiter, as Excel writes it. */
  begin: number;
}

/**
 * What a CSV file has between its columns: what a first line such as `sep=;` says, or else what
 * parts its header into the most columns that are known.
 */
export function layoutOf(text: string, isKnown: (column: string) => boolean): Layout {
  const named = /^\uFEFF?"?sep=([,;\t])"?(?:\r\n|\n|\r)/i.exec(text);
  if (named) return { delimiter: named[1] ?? ",", begin: named[0].length };
  const [header = ""] = text.substring(0, 20_000).split(/[\r\n]/, 1);
  const known = (delimiter: string) =>
    header
      .replace("\uFEFF", "")
      .split(delimiter)
      .filter((name) => isKnown(name.trim().replaceAll(/^"|"$/g, ""))).length;
  const [best = ","] = delimiters.toSorted((a, b) => known(b) - known(a));
  return { delimiter: best, begin: 0 };
}
