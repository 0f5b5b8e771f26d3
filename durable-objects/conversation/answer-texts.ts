import { maxAnswerBytes, type TurnDelta } from "#src/objects/turn-contract.ts";
import { type KeptText, withPiece } from "#src/realtime/index.ts";
import { withoutPrefix } from "#src/text/cut-text.ts";

interface Written {
  kept: KeptText | undefined;
  /** Of the text, as UTF-8. */
  bytes: number;
}

/** What comes of a piece of text. */
interface Taken {
  /** How much of its attempt is there. */
  have: number;
  /** What is new, and where it begins; undefined where nothing is. */
  fresh: { offset: number; text: string } | undefined;
  /** Whether an attempt before it had written something that it takes the place of. */
  isReset: boolean;
}

const encoder = new TextEncoder();
const bytesOf = (text: string): number => encoder.encode(text).length;

/** The texts of answers while they are being written: in memory, and in rows that bring them back. */
export class AnswerTexts {
  readonly #sql: SqlStorage;
  readonly #written = new Map<string, Written>();

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** What is written of a turn's answer so far. */
  textOf(turnId: string): string {
    return this.#of(turnId).kept?.text ?? "";
  }

  /** The same, with the attempt that it is of; undefined where nothing is written. */
  keptOf(turnId: string): KeptText | undefined {
    return this.#of(turnId).kept;
  }

  /** Takes a piece; undefined where the answer would become longer than answers may be. */
  take({ turnId, attempt, offset, text }: TurnDelta): Taken | undefined {
    const { kept: before, bytes } = this.#of(turnId);
    const { kept, have } = withPiece(before, { attempt, round: 0, offset, text });
    if (!kept || kept === before) return { have, fresh: undefined, isReset: false };
    const isSame = before?.attempt === attempt;
    const former = isSame ? before.text : "";
    const fresh = { offset: former.length, text: withoutPrefix(kept.text, former) };
    const whole = (isSame ? bytes : 0) + bytesOf(fresh.text);
    if (whole > maxAnswerBytes) return undefined;
    if (!isSame) this.#sql.exec("DELETE FROM chunks WHERE turn_id = ?", turnId);
    this.#sql.exec(
      "INSERT INTO chunks (turn_id, attempt, position, text) VALUES (?, ?, ?, ?)",
      turnId,
      attempt,
      fresh.offset,
      fresh.text,
    );
    this.#written.set(turnId, { kept, bytes: whole });
    return { have, fresh, isReset: !isSame && before !== undefined };
  }

  /** The answer is where it belongs. */
  drop(turnId: string): void {
    this.#sql.exec("DELETE FROM chunks WHERE turn_id = ?", turnId);
    this.#written.delete(turnId);
  }

  #of(turnId: string): Written {
    const known = this.#written.get(turnId);
    if (known) return known;
    const rows = this.#sql
      .exec<{ attempt: number; text: string }>(
        "SELECT attempt, text FROM chunks WHERE turn_id = ? ORDER BY attempt, position",
        turnId,
      )
      .toArray();
    const text = rows.map((row) => row.text).join("");
    const attempt = rows.at(-1)?.attempt;
    const found = {
      kept: attempt === undefined ? undefined : { attempt, round: 0, text },
      bytes: bytesOf(text),
    };
    this.#written.set(turnId, found);
    return found;
  }
}
