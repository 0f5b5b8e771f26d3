import { isFinished, type RunState } from "#src/engine/run-state.ts";
import {
  chatTurnTopic,
  type TurnRunEnded,
  turnInputSchema,
  turnRunEndedSchema,
} from "#src/objects/turn-contract.ts";

/** Told in one go. */
const batchSize = 20;

/** That a run has ended which answers a turn of a conversation. */
interface EndedTurn {
  conversationId: string;
  ended: TurnRunEnded;
}

/** The turn that a run answers, and how it has ended; undefined of every other run. */
function endedTurnOf(run: RunState): EndedTurn | undefined {
  const { header, status, error } = run;
  if (!isFinished(run) || !Object.values(header.plan.steps).some(({ topic }) => topic === chatTurnTopic))
    return undefined;
  const input = turnInputSchema.safeParse(header.input).data;
  return (
    input && {
      conversationId: input.conversation_id,
      ended: turnRunEndedSchema.parse({
        turnId: input.turn_id,
        runId: header.id,
        status,
        ...(error && { error: { code: error.code } }),
      }),
    }
  );
}

/** Runs of turns that have ended, until their conversations have heard of it: whatever becomes of a run, its turn ends. */
export class EndedTurns {
  readonly #sql: SqlStorage;
  /** Undefined until it has been looked up: most objects never have anything to tell. */
  #isBehind: boolean | undefined;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Notes a run's end, in the transaction that ends it. */
  note(run: RunState): void {
    const turn = endedTurnOf(run);
    if (!turn) return;
    this.#isBehind = true;
    this.#sql.exec(
      "INSERT OR IGNORE INTO ended_turns (run_id, conversation_id, ended) VALUES (?, ?, ?)",
      run.header.id,
      turn.conversationId,
      JSON.stringify(turn.ended),
    );
  }

  /** Whether a conversation is still to be told something. */
  get isBehind(): boolean {
    this.#isBehind ??= this.#sql.exec("SELECT 1 FROM ended_turns LIMIT 1").toArray().length > 0;
    return this.#isBehind;
  }

  /**
   * Tells conversations, each until it has heard. One that cannot be reached holds up no other.
   * @returns whether there is more
   * @throws the first failure, when all have been tried
   */
  async tell(
    conversationOf: (id: string) => { runEnded(ended: TurnRunEnded): Promise<void> },
  ): Promise<boolean> {
    if (!this.isBehind) return false;
    const rows = this.#sql
      .exec<{ run_id: string; conversation_id: string; ended: string }>(
        "SELECT run_id, conversation_id, ended FROM ended_turns ORDER BY run_id LIMIT ?",
        batchSize,
      )
      .toArray();
    const told = await Promise.allSettled(
      rows.map(async ({ run_id, conversation_id, ended }) => {
        await conversationOf(conversation_id).runEnded(turnRunEndedSchema.parse(JSON.parse(ended)));
        this.#sql.exec("DELETE FROM ended_turns WHERE run_id = ?", run_id);
      }),
    );
    const failed = told.find((outcome) => outcome.status === "rejected");
    if (failed) throw failed.reason;
    // What was noted meanwhile is looked up anew.
    this.#isBehind = undefined;
    return rows.length === batchSize;
  }
}
