import type { Clock } from "#src/kernel/clock.ts";
import type { ExportFile } from "./export-files.ts";

const encoder = new TextEncoder();

/** A file that is read while it is sent: what is held at a time does not grow with it. */
export interface Exported extends Pick<ExportFile<unknown>, "contentType" | "name"> {
  pieces: AsyncGenerator<Uint8Array, void>;
}

/** Where the rows of a file come from. */
export interface Source<Row> {
  /** The rows behind one, as many as a page has; from the first on behind none. */
  pageAfter(last: Row | undefined): Promise<readonly Row[]>;
  /** Rows of a page: a shorter one is the last. */
  pageRows: number;
  clock: Clock;
}

async function* pieces<Row>(
  file: ExportFile<Row>,
  { pageAfter, pageRows, clock }: Source<Row>,
): AsyncGenerator<Uint8Array, void> {
  yield encoder.encode(file.head);
  let count = 0;
  let last: Row | undefined;
  for (;;) {
    const page = await pageAfter(last);
    if (page.length > 0) yield encoder.encode(file.rows(page, count));
    count += page.length;
    last = page.at(-1);
    if (!last || page.length < pageRows) break;
  }
  yield encoder.encode(file.foot(count, clock.now()));
}

/** A file page by page; the next page is read only when the one before has been taken. */
export const written = <Row>(file: ExportFile<Row>, source: Source<Row>): Exported => ({
  contentType: file.contentType,
  name: file.name,
  pieces: pieces(file, source),
});
