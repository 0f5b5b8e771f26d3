import { z } from "zod";
import type { CallsAsked, CallsGranted } from "#src/objects/call-counts-api.ts";
import { type CallWindow, endOf, grantCalls } from "#src/rate-limits/index.ts";

/** Counts are written down so long after the first that is not: what a crash takes with it. */
const writeAfterMs = 1000;

/** Whose counts are held in memory; those of others are read again. */
const maxHeld = 20_000;

const windowsSchema = z.array(
  z.object({
    seconds: z.number(),
    startedAt: z.number(),
    used: z.number(),
    open: z.record(z.string(), z.object({ granted: z.number(), reserve: z.number() })),
  }),
);

/**
 * The calls of a tenant's accounts, or of addresses, in their windows. Counted in memory and written down a second later:
 * an object that sleeps has written all, one that crashes has lost what it counted in its last second.
 */
export class CallCounts {
  readonly #sql: SqlStorage;
  readonly #failed: (error: unknown) => void;
  readonly #held = new Map<string, readonly CallWindow[]>();
  readonly #unwritten = new Set<string>();
  #isWriting = false;

  /** @param failed says that counts could not be written down */
  constructor(sql: SqlStorage, failed: (error: unknown) => void) {
    this.#sql = sql;
    this.#failed = failed;
    sql.exec(`
      CREATE TABLE IF NOT EXISTS call_counts (key TEXT PRIMARY KEY, windows TEXT NOT NULL, until INTEGER NOT NULL);
      CREATE INDEX IF NOT EXISTS call_counts_until ON call_counts (until);
    `);
  }

  /** As `CallCountsApi.takeCalls`. */
  take(asked: CallsAsked, now: number): CallsGranted {
    const { windows, answer } = grantCalls(this.#windowsOf(asked.key), asked, now);
    this.#held.set(asked.key, windows);
    this.#unwritten.add(asked.key);
    this.#writeSoon();
    return answer;
  }

  #windowsOf(key: string): readonly CallWindow[] {
    const held = this.#held.get(key);
    if (held) return held;
    const [row] = this.#sql
      .exec<{ windows: string }>("SELECT windows FROM call_counts WHERE key = ?", key)
      .toArray();
    // What cannot be read, of another release for example, is begun anew.
    const stored = row && windowsSchema.safeParse(JSON.parse(row.windows));
    return stored?.data ?? [];
  }

  #writeSoon(): void {
    if (this.#isWriting) return;
    this.#isWriting = true;
    setTimeout(() => {
      this.#isWriting = false;
      try {
        this.write(Date.now());
      } catch (error) {
        // The next call tries again.
        this.#failed(error);
      }
    }, writeAfterMs);
  }

  /** Writes down what is not, and forgets what is over. */
  write(now: number): void {
    for (const key of this.#unwritten) {
      const windows = this.#held.get(key) ?? [];
      this.#sql.exec(
        "INSERT OR REPLACE INTO call_counts (key, windows, until) VALUES (?, ?, ?)",
        key,
        JSON.stringify(windows),
        endOf(windows),
      );
    }
    this.#unwritten.clear();
    this.#sql.exec("DELETE FROM call_counts WHERE until < ?", now);
    for (const [key, windows] of this.#held) {
      if (endOf(windows) < now || this.#held.size > maxHeld) this.#held.delete(key);
    }
  }
}
