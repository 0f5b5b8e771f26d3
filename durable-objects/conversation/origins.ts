import type { Origin } from "#src/objects/origin.ts";

/**
 * From where what the owner does has come, by entries of the log: known until it is counted, and not a moment longer. What
 * figures tell is how many, and a place is nothing that is kept of anybody who has not agreed to that.
 */
export class Origins {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  note(seq: number, { country, language }: Origin = {}): void {
    if (country === undefined && language === undefined) return;
    this.#sql.exec(
      "INSERT OR IGNORE INTO origins (seq, country, language) VALUES (?, ?, ?)",
      seq,
      country ?? null,
      language ?? null,
    );
  }

  /** Those of entries behind one. */
  behind(seq: number): Map<number, Origin> {
    const rows = this.#sql
      .exec<{ seq: number; country: string | null; language: string | null }>(
        "SELECT seq, country, language FROM origins WHERE seq > ?",
        seq,
      )
      .toArray();
    return new Map(
      rows.map(({ seq: of, country, language }) => [
        of,
        { ...(country !== null && { country }), ...(language !== null && { language }) },
      ]),
    );
  }

  forget(upTo: number): void {
    this.#sql.exec("DELETE FROM origins WHERE seq <= ?", upTo);
  }
}
