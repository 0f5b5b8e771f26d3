import type { KeptLine, LogFilter } from "#src/objects/log-ring-api.ts";
import { piecesOf, wantedLine } from "./wanted.ts";

/** A row holds so many characters of lines at most; SQLite's has two megabytes. */
const maxBlock = 400_000;

interface BlockRow extends Record<string, SqlStorageValue> {
  first: number;
  lines: string;
}

/**
 * The last lines, in blocks: one row for all that comes at once, so a line costs no row of its own. Blocks are removed
 * from the oldest on, as long as enough lines remain.
 */
export class LogBlocks {
  readonly #sql: SqlStorage;
  readonly #keep: number;
  #count: number;

  /** @param keep lines that are kept at least */
  constructor(sql: SqlStorage, keep: number) {
    this.#sql = sql;
    this.#keep = keep;
    sql.exec(`CREATE TABLE IF NOT EXISTS blocks (
      first INTEGER PRIMARY KEY, count INTEGER NOT NULL, latest_at INTEGER NOT NULL, lines TEXT NOT NULL)`);
    this.#count = sql
      .exec<{ count: number }>("SELECT coalesce(sum(count), 0) AS count FROM blocks")
      .one().count;
  }

  /** The number of the latest line; 0 before there is one. */
  get latest(): number {
    const query = "SELECT first + count - 1 AS latest FROM blocks ORDER BY first DESC LIMIT 1";
    return this.#sql.exec<{ latest: number }>(query).toArray()[0]?.latest ?? 0;
  }

  /**
   * Keeps lines, each of one line of text.
   * @param now when they have come; no line is later than a little after
   */
  append(lines: readonly string[], now: number): void {
    let first = this.latest + 1;
    for (const block of blocksOf(lines)) {
      this.#sql.exec(
        "INSERT INTO blocks (first, count, latest_at, lines) VALUES (?, ?, ?, ?)",
        first,
        block.length,
        now,
        block.join("\n"),
      );
      first += block.length;
    }
    this.#count += lines.length;
    this.#prune();
  }

  /** What has come later is not above what was written later: an isolate's clock may be ahead by so much. */
  read(filter: LogFilter, { before, limit }: { before?: number; limit: number }): KeptLine[] {
    const pieces = piecesOf(filter);
    const found: KeptLine[] = [];
    const blocks = this.#sql.exec<BlockRow>(
      `SELECT first, lines FROM blocks WHERE first < ? AND latest_at >= ?
       AND NOT EXISTS (SELECT 1 FROM json_each(?) AS piece WHERE instr(lines, piece.value) = 0)
       ORDER BY first DESC`,
      before ?? Number.MAX_SAFE_INTEGER,
      (filter.since ?? 0) - aheadMs,
      JSON.stringify(pieces),
    );
    for (const { first, lines } of blocks) {
      const texts = lines.split("\n");
      for (let at = texts.length - 1; at >= 0; at--) {
        const seq = first + at;
        if (before !== undefined && seq >= before) continue;
        const line = wantedLine(texts[at] ?? "", filter, pieces);
        if (line) found.push({ seq, line });
        if (found.length === limit) return found;
      }
    }
    return found;
  }

  /** Lines after a number, the earliest first, up to so many; and how far it has looked. */
  after(filter: LogFilter, after: number, limit: number): { lines: KeptLine[]; last: number } {
    const pieces = piecesOf(filter);
    const found: KeptLine[] = [];
    const query = "SELECT first, lines FROM blocks WHERE first + count > ? ORDER BY first";
    let last = after;
    for (const { first, lines } of this.#sql.exec<BlockRow>(query, after + 1)) {
      for (const [at, text] of lines.split("\n").entries()) {
        const seq = first + at;
        if (seq <= after) continue;
        last = seq;
        const line = wantedLine(text, filter, pieces);
        if (line) found.push({ seq, line });
        if (found.length === limit) return { lines: found, last };
      }
    }
    return { lines: found, last };
  }

  #prune(): void {
    for (;;) {
      const [oldest] = this.#sql
        .exec<{ first: number; count: number }>("SELECT first, count FROM blocks ORDER BY first LIMIT 1")
        .toArray();
      if (!oldest || this.#count - oldest.count < this.#keep) return;
      this.#sql.exec("DELETE FROM blocks WHERE first = ?", oldest.first);
      this.#count -= oldest.count;
    }
  }
}

/** The clock of whoever writes a line may be ahead of this object's. */
const aheadMs = 60_000;

/** Lines in blocks that fit a row. */
function* blocksOf(lines: readonly string[]): Generator<string[]> {
  let block: string[] = [];
  let size = 0;
  for (const line of lines) {
    if (block.length > 0 && size + line.length > maxBlock) {
      yield block;
      block = [];
      size = 0;
    }
    block.push(line);
    size += line.length;
  }
  if (block.length > 0) yield block;
}
