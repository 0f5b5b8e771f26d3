/**
 * What a conversation asks of others: of the tenant's workflows, that a turn's run begins or is given up, and that they
 * forget what was remembered of it; of the gateway, that an answer is held against rules; of the lists and of search, that they show it as it is; of the tenant's log, that it tells
 * what has become of it; of R2, that it lets go of files that are not needed; of itself, that it keeps no longer what it has read of its archive.
 */
export interface Outgoing {
  /** Of a summary, a reading or a titling its id; empty for what is about neither. */
  turnId: string;
  kind:
    | "start"
    | "cancel"
    | "compact"
    | "insights"
    | "title"
    | "forget"
    | "judge"
    | "lists"
    | "search"
    | "tenant"
    | "sweep"
    | "files"
    | "freeze";
  /** Since when it is being tried. */
  since: number;
}

/**
 * How long changes are gathered before others are told of them, all at one time; and how often that is while somebody talks
 * on: the tenant's log is told no more often.
 */
const gatherMs = 500;
const toldEveryMs = 1000;

/** What is about no turn, and tells others how the conversation is by now. */
export const gathered: readonly Outgoing["kind"][] = ["lists", "search", "tenant"];

/** How long something waits before it is tried again: twice as long each time, up to a bound. */
interface Pause {
  firstMs: number;
  longestMs: number;
}
const unreached: Pause = { firstMs: 1000, longestMs: 60_000 };
/** Lists that have been told, and have not said that they know: most likely they do, so seldom is enough. */
const unheard: Pause = { firstMs: 20_000, longestMs: 21_600_000 };

const pauseOf = (failures: number, { firstMs, longestMs }: Pause): number =>
  Math.min(longestMs, firstMs * 2 ** Math.min(failures - 1, 20));

/** What is to be asked is written with what it comes of, and stands here until it has been heard. */
export class TurnOutbox {
  readonly #sql: SqlStorage;
  /** When others were last told, as far as that is known. */
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  put(turnId: string, kind: Outgoing["kind"], now: number): void {
    this.#sql.exec(
      "INSERT OR IGNORE INTO outbox (turn_id, kind, failures, since, next_at) VALUES (?, ?, 0, ?, ?)",
      turnId,
      kind,
      now,
      now,
    );
  }

  /** Has something that is about no turn done at a time, or before. */
  at(kind: Exclude<Outgoing["kind"], "start" | "cancel">, at: number, now: number): void {
    this.#sql.exec(
      `INSERT INTO outbox (turn_id, kind, failures, since, next_at) VALUES ('', ?, 0, ?, ?)
       ON CONFLICT (turn_id, kind) DO UPDATE SET next_at = min(next_at, excluded.next_at)`,
      kind,
      now,
      at,
    );
  }

  /** Has something that is about no turn done again at a time. */
  postponeTo(kind: Outgoing["kind"], at: number): void {
    this.#sql.exec("UPDATE outbox SET failures = 0, next_at = ? WHERE turn_id = '' AND kind = ?", at, kind);
  }

  /** When what changes now is told to others, with all that changes until then. */
  gatheredAt(now: number): number {
    // A clock that was put back keeps nobody waiting.
    return Math.min(now + toldEveryMs, Math.max(now + gatherMs, this.#toldAt + toldEveryMs));
  }

  /** Others are being told. */
  tells(now: number): void {
    this.#toldAt = now;
  }

  /** Lists are to be told, in a while: what changes until then is told with it. */
  tellLists(now: number): void {
    this.#sql.exec(
      `INSERT INTO outbox (turn_id, kind, failures, since, next_at) VALUES ('', 'lists', 0, ?, ?)
       ON CONFLICT (turn_id, kind) DO UPDATE SET failures = 0, next_at = min(next_at, excluded.next_at)`,
      now,
      this.gatheredAt(now),
    );
  }

  /** Told again after a while, unless they say that they know. */
  listsTold(now: number): void {
    this.postpone("", "lists", now, unheard);
  }

  /** The tenant is to be told, in a while: what changes until then is told with it. */
  tellTenant(now: number): void {
    const at = this.gatheredAt(now);
    this.#sql.exec(
      "INSERT OR IGNORE INTO outbox (turn_id, kind, failures, since, next_at) VALUES ('', 'tenant', 0, ?, ?)",
      at,
      at,
    );
  }

  remove(turnId: string, kind: Outgoing["kind"]): void {
    this.#sql.exec("DELETE FROM outbox WHERE turn_id = ? AND kind = ?", turnId, kind);
  }

  due(now: number): Outgoing[] {
    return this.#sql
      .exec<{ turn_id: string; kind: Outgoing["kind"]; since: number }>(
        "SELECT turn_id, kind, since FROM outbox WHERE next_at <= ? ORDER BY since, turn_id LIMIT 20",
        now,
      )
      .toArray()
      .map(({ turn_id: turnId, kind, since }) => ({ turnId, kind, since }));
  }

  postpone(turnId: string, kind: Outgoing["kind"], now: number, pause = unreached): void {
    const [row] = this.#sql
      .exec<{ failures: number }>(
        "UPDATE outbox SET failures = failures + 1 WHERE turn_id = ? AND kind = ? RETURNING failures",
        turnId,
        kind,
      )
      .toArray();
    if (row)
      this.#sql.exec(
        "UPDATE outbox SET next_at = ? WHERE turn_id = ? AND kind = ?",
        now + pauseOf(row.failures, pause),
        turnId,
        kind,
      );
  }

  /** When something is to be tried next; null where nothing waits. */
  get nextAt(): number | null {
    return this.#sql.exec<{ at: number | null }>("SELECT min(next_at) AS at FROM outbox").one().at;
  }
}
