import type { TurnView } from "#src/objects/conversation-api.ts";

type TurnRow = {
  id: string;
  answers_to: string;
  message_id: string;
  run_id: string | null;
  epoch: number;
  status: TurnView["status"];
  attempt: number;
  error: string | null;
};

/** The conversation's turns: at most one of them is running, which the table holds as well. */
export class TurnRows {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  begin(turn: { id: string; answersTo: string; messageId: string; epoch: number }, now: number): TurnView {
    this.#sql.exec(
      `INSERT INTO turns (id, answers_to, message_id, epoch, status, attempt, began_at)
       VALUES (?, ?, ?, ?, 'running', 0, ?)`,
      turn.id,
      turn.answersTo,
      turn.messageId,
      turn.epoch,
      now,
    );
    return { ...turn, runId: null, status: "running", attempt: 0, error: null };
  }

  /** When a turn began; undefined for one that is not there. */
  beganAt(id: string): number | undefined {
    const [row] = this.#sql
      .exec<{ at: number }>("SELECT began_at AS at FROM turns WHERE id = ?", id)
      .toArray();
    return row?.at;
  }

  find(id: string): TurnView | undefined {
    return this.#read("SELECT * FROM turns WHERE id = ?", id)[0];
  }

  get running(): TurnView | undefined {
    return this.#read("SELECT * FROM turns WHERE status = 'running'")[0];
  }

  /** The first turn that has answered a message. */
  answering(messageId: string): TurnView | undefined {
    return this.#read("SELECT * FROM turns WHERE answers_to = ? ORDER BY number LIMIT 1", messageId)[0];
  }

  newest(limit: number): TurnView[] {
    return this.#read("SELECT * FROM turns ORDER BY number DESC LIMIT ?", limit);
  }

  heard(id: string, attempt: number): void {
    this.#sql.exec("UPDATE turns SET attempt = ? WHERE id = ?", attempt, id);
  }

  belongsTo(id: string, runId: string): void {
    this.#sql.exec("UPDATE turns SET run_id = ? WHERE id = ?", runId, id);
  }

  end(id: string, status: TurnView["status"], error: string | null, now: number): void {
    this.#sql.exec(
      "UPDATE turns SET status = ?, error = ?, ended_at = ? WHERE id = ?",
      status,
      error,
      now,
      id,
    );
  }

  #read(query: string, ...values: (string | number)[]): TurnView[] {
    return this.#sql
      .exec<TurnRow>(query, ...values)
      .toArray()
      .map((row) => ({
        id: row.id,
        answersTo: row.answers_to,
        messageId: row.message_id,
        runId: row.run_id,
        epoch: row.epoch,
        status: row.status,
        attempt: row.attempt,
        error: row.error,
      }));
  }
}
