import type { PlatformMessage } from "../../src/messaging/platform-message.ts";

interface Pending {
  key: string;
  version: number;
  message: PlatformMessage;
}

/** Messages for the read models, waiting for their queue. */
export class ReadModelOutbox {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  put(key: string, version: number, message: PlatformMessage): void {
    this.#sql.exec(
      "INSERT OR REPLACE INTO outbox (key, version, message) VALUES (?, ?, ?)",
      key,
      version,
      JSON.stringify(message),
    );
  }

  pending(limit: number): Pending[] {
    return this.#sql
      .exec<{ key: string; version: number; message: string }>(
        "SELECT key, version, message FROM outbox LIMIT ?",
        limit,
      )
      .toArray()
      .map(({ message, ...row }) => ({ ...row, message: JSON.parse(message) }));
  }

  /** Removes what was sent, unless a newer copy has taken its place meanwhile. */
  remove(sent: readonly Pending[]): void {
    for (const { key, version } of sent)
      this.#sql.exec("DELETE FROM outbox WHERE key = ? AND version = ?", key, version);
  }
}
