/** What spreadsheets put between columns, by country and by how the file was saved. */
const delimiters = [",", ";", "\t"];

export interface Layout {
  delimiter: string;
  /** What stands before the header: a line that only names the delimiter, as Excel writes it. */
  naming: string;
}

/**
 * What a CSV file has between its columns: what a first line such as `sep=;` says, or else what
 * parts its header into the most columns that are known.
 */
export function layoutOf(text: string, isKnown: (column: string) => boolean): Layout {
  const named = /^\uFEFF?"?sep=([,;\t])"?(?:\r\n|\n|\r)/i.exec(text);
  if (named) return { delimiter: named[1] ?? ",", naming: named[0] };
  const [header = ""] = text.substring(0, 20_000).split(/[\r\n]/, 1);
  const known = (delimiter: string) =>
    header
      .replace("\uFEFF", "")
      .split(delimiter)
      .filter((name) => isKnown(name.trim().replaceAll(/^"|"$/g, ""))).length;
  const [best = ","] = delimiters.toSorted((a, b) => known(b) - known(a));
  return { delimiter: best, naming: "" };
}
