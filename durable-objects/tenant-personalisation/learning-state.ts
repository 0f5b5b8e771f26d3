import { z } from "zod";
import { type Side, sides } from "./neighbour-store.ts";

const weekMs = 7 * 86_400_000;

/** How far what was learnt is built anew: from persons up to the cursor it is; or the other side is being emptied. */
const rebuildSchema = z.discriminatedUnion("phase", [
  z.object({ phase: z.literal("learning"), cursor: z.string() }),
  z.object({ phase: z.literal("emptying"), learnsNext: z.boolean() }),
]);
type Rebuild = z.infer<typeof rebuildSchema>;

interface State {
  /** The side in use. */
  side: Side;
  /** Null while nothing is built anew. */
  rebuild: Rebuild | null;
  /** When it is to begin again. */
  dueAt: number;
}

type StateRow = { side: string; rebuild: string | null; due_at: number };

const sideSchema = z.enum(sides);

/** Which side is in use, and how far the other is. */
export class LearningState {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Undefined while there is nothing to be learnt from. */
  get known(): State | undefined {
    const [row] = this.#sql.exec<StateRow>("SELECT side, rebuild, due_at FROM learning").toArray();
    return (
      row && {
        side: sideSchema.parse(row.side),
        rebuild: row.rebuild === null ? null : rebuildSchema.parse(JSON.parse(row.rebuild)),
        dueAt: row.due_at,
      }
    );
  }

  get side(): Side {
    return this.known?.side ?? "a";
  }

  /** From the first item or interaction on, all is built anew once a week. */
  begin(now: number): void {
    this.#sql.exec(
      "INSERT INTO learning (only, side, rebuild, due_at) VALUES (1, 'a', NULL, ?) ON CONFLICT (only) DO NOTHING",
      now + weekMs,
    );
  }

  rebuilds(rebuild: Rebuild | null): void {
    this.#sql.exec("UPDATE learning SET rebuild = ?", rebuild && JSON.stringify(rebuild));
  }

  /** What was built anew is in use from now on. */
  turn(side: Side, now: number): void {
    this.#sql.exec("UPDATE learning SET side = ?, due_at = ?", side, now + weekMs);
  }
}
