import { jsonBytes } from "#src/engine/limits.ts";
import type { ReadRow } from "#src/imports/index.ts";
import type { EventName } from "#src/kernel/event-catalogue.ts";
import { untilItHolds } from "../guard-statement.ts";
import { type ImportReport, maxErrors } from "./schemas.ts";

/** A thing that is made or changed, with what is told of it. */
export interface Change<Row> {
  fate: "created" | "updated";
  /** The version that it was at; 0 of what is made. */
  was: number;
  thing: Row;
  event: EventName;
  facts: Record<string, unknown>;
}

/** What becomes of a row: a thing that is made, changed or as it was, or why it is refused. */
export type Fate<Row> = { row: number } & (Change<Row> | { fate: "unchanged" } | { error: string });

type Item = Record<string, unknown>;
export type ItemRow = { row: number; item: Item };

/** A kind of things that can be imported. */
export interface Importer<Row> {
  /** What no two rows of a file may have in common; undefined where that is not said. */
  keysOf(item: Item): (string | undefined)[];
  /** What becomes of rows, by what there is now. */
  decide(rows: readonly ItemRow[]): Promise<Fate<Row>[]>;
  /** Writes what is made and changed, in a batch with a guard that all of it is as it was read. */
  write(changes: readonly Change<Row>[]): Promise<unknown>;
}

/** Rows that are read and written together: few statements for many, and none larger than D1 takes. */
const chunkRows = 500;
const chunkBytes = 750_000;

function* chunksOf(rows: readonly ItemRow[]): Generator<ItemRow[]> {
  let chunk: ItemRow[] = [];
  let bytes = 0;
  for (const row of rows) {
    const size = jsonBytes(row.item);
    if (chunk.length > 0 && (chunk.length >= chunkRows || bytes + size > chunkBytes)) {
      yield chunk;
      [chunk, bytes] = [[], 0];
    }
    chunk.push(row);
    bytes += size;
  }
  if (chunk.length > 0) yield chunk;
}

/** Rows that say the same thing as one before them are refused. */
function withoutTwins<Row>(rows: readonly ReadRow<Item>[], { keysOf }: Pick<Importer<Row>, "keysOf">) {
  const seen = new Map<string, number>();
  return rows.map((each): ReadRow<Item> => {
    if ("error" in each) return each;
    const keys = keysOf(each.item).flatMap((key, index) => (key === undefined ? [] : [`${index}:${key}`]));
    const twin = keys.map((key) => seen.get(key)).find((row) => row !== undefined);
    if (twin !== undefined) return { row: each.row, error: `The same as in row ${twin}` };
    for (const key of keys) seen.set(key, each.row);
    return each;
  });
}

/**
 * Takes the rows of a file over, many at a time: each is taken over or refused by itself. What is interrupted and done
 * again changes nothing that was done.
 */
export async function takeOver<Row>(
  importer: Importer<Row>,
  read: readonly ReadRow<Item>[],
  { dryRun }: { dryRun: boolean },
): Promise<ImportReport> {
  const rows = withoutTwins(read, importer);
  const problems = rows.flatMap((each) => ("error" in each ? [each] : []));
  const counts = { created: 0, updated: 0, unchanged: 0 };
  for (const chunk of chunksOf(rows.flatMap((each) => ("error" in each ? [] : [each])))) {
    const fates = await untilItHolds(async () => {
      const decided = await importer.decide(chunk);
      const things = decided.flatMap((each) => ("thing" in each ? [each] : []));
      if (!dryRun && things.length > 0) await importer.write(things);
      return decided;
    });
    for (const each of fates)
      if ("error" in each) problems.push(each);
      else counts[each.fate]++;
  }
  problems.sort((a, b) => a.row - b.row);
  return {
    total_processed: rows.length,
    successful: rows.length - problems.length,
    failed: problems.length,
    ...counts,
    dry_run: dryRun,
    errors: problems.slice(0, maxErrors).map(({ row, error }) => `Row ${row}: ${error}`),
  };
}
