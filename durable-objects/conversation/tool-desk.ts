import type { Stale, TurnHandover, TurnTools } from "#src/objects/turn-contract.ts";
import { turnHandoverSchema } from "#src/objects/turn-contract.ts";
import type { ConversationLog } from "./conversation-log.ts";
import type { HolderDesk } from "./holder-desk.ts";
import type { TurnDesk } from "./turn-desk.ts";
import type { TurnRows } from "./turn-rows.ts";

interface Parts {
  desk: TurnDesk;
  turns: TurnRows;
  holder: HolderDesk;
  log: ConversationLog;
}

/** Where turns say what they do besides writing. Times in epoch milliseconds. */
export class ToolDesk {
  readonly #sql: SqlStorage;
  readonly #parts: Parts;

  constructor(sql: SqlStorage, parts: Parts) {
    this.#sql = sql;
    this.#parts = parts;
  }

  /** Tells what the calls of a turn have come to: of each, how it stands, once. */
  note({ tools, ...key }: TurnTools, now: number): { ok: true } | Stale {
    const turn = this.#parts.desk.meant(key);
    if ("ok" in turn) return turn;
    this.#sql.exec("DELETE FROM turn_tools WHERE turn_id <> ?", turn.id);
    for (const { call, tool, status } of tools) {
      if (!this.#isNews(turn.id, call, status)) continue;
      this.#parts.log.append("turn.tool", { turn_id: turn.id, run_id: turn.runId, call, tool, status }, now);
    }
    return { ok: true };
  }

  /** Ends the turn with what it has said and done, and has the conversation wait for a person. */
  handOver(given: TurnHandover, now: number): { ok: true } | Stale {
    const { desk, turns, holder } = this.#parts;
    const { reason, ...answer } = turnHandoverSchema.parse(given);
    const before = turns.find(answer.turnId)?.status;
    const closed = desk.finish(
      { ...answer, attempt: Math.max(1, turns.find(answer.turnId)?.attempt ?? 1) },
      now,
    );
    if (closed.ok && before === "running") holder.change({ change: { action: "handover" }, reason }, now);
    return closed;
  }

  /** A call that has ended runs no more, whatever is said late. */
  #isNews(turnId: string, call: string, status: TurnTools["tools"][number]["status"]): boolean {
    const written = this.#sql.exec(
      `INSERT INTO turn_tools (turn_id, call, status) VALUES (?, ?, ?)
       ON CONFLICT (turn_id, call) DO UPDATE SET status = excluded.status
         WHERE turn_tools.status = 'running' AND excluded.status <> 'running'
       RETURNING call`,
      turnId,
      call,
      status,
    );
    return written.toArray().length > 0;
  }
}
