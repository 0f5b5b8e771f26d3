import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { z } from "zod";
import { dayMs } from "#src/kernel/clock.ts";

/** How old the word may be on when a document was used. */
const exactToMs = 3_600_000;

const textSchema = z.array(z.object({ text: z.string() }));
const oldestSchema = z.tuple([z.object({ oldest: z.number().nullable() })]);

/** The documents of a hub's GraphQL subscriptions, each once, under its digest; those that no socket has used for a day go. */
export class GraphqlDocuments {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    this.#sql.exec(
      "CREATE TABLE IF NOT EXISTS graphql_documents (digest TEXT PRIMARY KEY, text TEXT NOT NULL, used_at INTEGER NOT NULL)",
    );
  }

  /** @returns its digest */
  keep(text: string, now: number): string {
    const digest = bytesToHex(sha256(utf8ToBytes(text)));
    this.#sql.exec(
      "INSERT INTO graphql_documents (digest, text, used_at) VALUES (?, ?, ?) ON CONFLICT (digest) DO UPDATE SET used_at = excluded.used_at WHERE used_at < excluded.used_at - ?",
      digest,
      text,
      now,
      exactToMs,
    );
    return digest;
  }

  find(digest: string): string | undefined {
    const rows = this.#sql.exec("SELECT text FROM graphql_documents WHERE digest = ?", digest).toArray();
    return textSchema.parse(rows)[0]?.text;
  }

  /**
   * Forgets what has not been used for a day.
   * @param inUse digests of what sockets follow now
   * @returns when to look again; never where there is nothing
   */
  sweep(inUse: readonly string[], now: number): number {
    this.#sql.exec(
      "UPDATE graphql_documents SET used_at = ? WHERE used_at < ? AND digest IN (SELECT value FROM json_each(?))",
      now,
      now - exactToMs,
      JSON.stringify(inUse),
    );
    this.#sql.exec("DELETE FROM graphql_documents WHERE used_at <= ?", now - dayMs);
    const rows = this.#sql.exec("SELECT min(used_at) AS oldest FROM graphql_documents").toArray();
    const [{ oldest }] = oldestSchema.parse(rows);
    return oldest === null ? Number.POSITIVE_INFINITY : oldest + dayMs;
  }
}
