import { type Purpose, purposes } from "#src/kernel/personalisation-words.ts";
import type { Consent, ConsentChange, Consents } from "#src/objects/consents-api.ts";
import { consentsFrom } from "#src/personalisation/index.ts";

type ConsentRow = {
  purpose: string;
  granted: number;
  at: number;
  text_version: string | null;
  source: string;
};

/** What persons have agreed to, with all that they have ever said of it. */
export class ConsentStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  of(personId: string): Consents {
    const rows = this.#sql
      .exec<ConsentRow>("SELECT * FROM consents WHERE person_id = ?", personId)
      .toArray()
      .map((row): [string, Consent] => [row.purpose, consentOf(row)]);
    return consentsFrom(Object.fromEntries(rows));
  }

  isGranted(personId: string, purpose: Purpose): boolean {
    return (
      this.#sql
        .exec("SELECT 1 FROM consents WHERE person_id = ? AND purpose = ? AND granted = 1", personId, purpose)
        .toArray().length > 0
    );
  }

  /** All changes, the oldest first. */
  log(personId: string): ConsentChange[] {
    const rows = this.#sql
      .exec<ConsentRow>("SELECT * FROM consent_log WHERE person_id = ? ORDER BY number", personId)
      .toArray();
    return rows.flatMap(changeOf);
  }

  write(personId: string, { purpose, granted, at, textVersion, source }: ConsentChange): void {
    const values = [purpose, granted ? 1 : 0, at, textVersion, source];
    this.#sql.exec(
      `INSERT INTO consents (person_id, purpose, granted, at, text_version, source) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (person_id, purpose) DO UPDATE SET
         granted = excluded.granted, at = excluded.at,
         text_version = excluded.text_version, source = excluded.source`,
      personId,
      ...values,
    );
    this.#sql.exec(
      `INSERT INTO consent_log (person_id, number, purpose, granted, at, text_version, source)
       VALUES (?, (SELECT coalesce(max(number), 0) + 1 FROM consent_log WHERE person_id = ?), ?, ?, ?, ?, ?)`,
      personId,
      personId,
      ...values,
    );
  }

  erase(personId: string): void {
    this.#sql.exec("DELETE FROM consents WHERE person_id = ?", personId);
    this.#sql.exec("DELETE FROM consent_log WHERE person_id = ?", personId);
  }
}

const consentOf = ({ granted, at, text_version: textVersion, source }: ConsentRow): Consent => ({
  granted: granted === 1,
  at,
  textVersion,
  source,
});

/** A row as a change; nothing of a purpose that a newer build knows. */
function changeOf(row: ConsentRow): ConsentChange[] {
  const purpose = purposes.find((one) => one === row.purpose);
  const { granted, at, text_version: textVersion, source } = row;
  return purpose ? [{ purpose, granted: granted === 1, at, textVersion, source }] : [];
}
