import type { AnswerJudgeApi, Verdict } from "#src/objects/moderation-contract.ts";
import type { ConversationState } from "./conversation-state.ts";
import type { EditDesk } from "./edit-desk.ts";
import type { Marks } from "./marks.ts";
import type { MessageStore } from "./message-store.ts";
import type { Outgoing, TurnOutbox } from "./turn-outbox.ts";
import type { TurnRows } from "./turn-rows.ts";

interface Parts extends AnswerJudgeApi {
  clientId: string;
  state: ConversationState;
  turns: TurnRows;
  messages: MessageStore;
  marks: Marks;
  edits: Pick<EditDesk, "hideByRule">;
  outbox: TurnOutbox;
  /** Writes what belongs together. */
  write<T>(work: (now: number) => T): T;
}

/** Has what the persona has written held against its tenant's rules, and takes from sight what they do not let stand. */
export class AnswerJudging {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async judge({ turnId }: Pick<Outgoing, "turnId">): Promise<void> {
    const { clientId, outbox, write } = this.#parts;
    const answer = this.#answerOf(turnId);
    const verdict = answer ? await this.#parts.judgeAnswer({ clientId, text: answer.content }) : null;
    write((now) => {
      outbox.remove(turnId, "judge");
      // It may have been emptied, or written again, while it was looked at.
      if (verdict && this.#answerOf(turnId)) this.#apply(turnId, verdict, now);
    });
  }

  #answerOf(turnId: string) {
    const { state, turns, messages } = this.#parts;
    const turn = state.isThere ? turns.find(turnId) : undefined;
    const message = turn && messages.find(turn.messageId);
    return message?.turnId === turnId && message.content !== "" ? message : undefined;
  }

  #apply(turnId: string, verdict: Verdict, now: number): void {
    const { marks, edits } = this.#parts;
    const answer = this.#answerOf(turnId);
    if (!answer) return;
    if (verdict.action === "flag") marks.put(answer.id, verdict, false, now);
    else edits.hideByRule(answer.id, verdict.rule, now);
  }
}
