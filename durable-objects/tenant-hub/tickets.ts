/** The tickets that have opened a socket, for as long as they could open another one. */
export class Tickets {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    this.#sql.exec("CREATE TABLE IF NOT EXISTS used_tickets (id TEXT PRIMARY KEY, until INTEGER NOT NULL)");
  }

  /** Uses a ticket up; false when it has been, or has run out. Times in epoch milliseconds. */
  use({ id, expiresAt }: { id: string; expiresAt: number }, now: number): boolean {
    this.#sql.exec("DELETE FROM used_tickets WHERE until < ?", now);
    if (expiresAt <= now) return false;
    return (
      this.#sql.exec("INSERT OR IGNORE INTO used_tickets (id, until) VALUES (?, ?)", id, expiresAt)
        .rowsWritten > 0
    );
  }
}
