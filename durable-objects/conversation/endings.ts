import type { ConversationView } from "#src/objects/conversation-api.ts";
import type { Satisfaction } from "#src/objects/conversation-staff-api.ts";

type Ending = { number: number; asks: number; score: number | null; comment: string | null };

/** The times that a conversation has ended, and what its owner says of each. */
export class Endings {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** @param asks whether its owner is to be asked how it was */
  begin(asks: boolean, now: number): void {
    this.#sql.exec("INSERT INTO endings (ended_at, asks) VALUES (?, ?)", now, asks ? 1 : 0);
  }

  get last(): Ending | undefined {
    return this.#sql
      .exec<Ending>("SELECT number, asks, score, comment FROM endings ORDER BY number DESC LIMIT 1")
      .toArray()[0];
  }

  /** The last one as the conversation shows it. */
  get shown(): ConversationView["satisfaction"] {
    const { last } = this;
    return last ? { asked: last.asks === 1, score: last.score, comment: last.comment } : null;
  }

  rate({ score, comment }: Satisfaction, now: number): void {
    this.#sql.exec(
      "UPDATE endings SET score = ?, comment = ?, said_at = ? WHERE number = (SELECT max(number) FROM endings)",
      score,
      comment,
      now,
    );
  }
}
