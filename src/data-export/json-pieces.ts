/** An object in JSON whose last field is a list, read row by row. */
export async function* objectWithList(
  fields: object,
  list: string,
  rows: AsyncIterable<unknown>,
): AsyncGenerator<string, void> {
  yield `${JSON.stringify(fields).replace(/\}$/, "")},"${list}":[`;
  yield* separated(inJson(rows));
  yield "]}";
}

/** Texts of JSON, one piece each, with commas between them. */
export async function* separated(texts: AsyncIterable<string>): AsyncGenerator<string, void> {
  let before = "\n";
  for await (const text of texts) {
    yield before + text;
    before = ",\n";
  }
}

export async function* inJson(rows: AsyncIterable<unknown>): AsyncGenerator<string, void> {
  for await (const row of rows) yield JSON.stringify(row);
}

/** Things that are written in several pieces each, with commas between them. */
export async function* separatedWholes(
  wholes: AsyncIterable<AsyncIterable<string>>,
): AsyncGenerator<string, void> {
  let before = "\n";
  for await (const whole of wholes) {
    yield before;
    yield* whole;
    before = ",\n";
  }
}

/** All rows of a list that comes in pages; the next page is read only when the one before has been taken. */
export async function* allPages<Row>(
  pageAt: (cursor: string | undefined) => Promise<{ rows: readonly Row[]; next: string | null }>,
): AsyncGenerator<Row, void> {
  let cursor: string | undefined;
  do {
    const { rows, next } = await pageAt(cursor);
    yield* rows;
    cursor = next ?? undefined;
  } while (cursor !== undefined);
}
