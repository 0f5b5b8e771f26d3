import { statusUnder, told, withChange } from "#src/conversations/index.ts";
import { type Outcome, refusal, success } from "#src/kernel/outcome.ts";
import type { ConversationView, HolderChanged, StatusRequest } from "#src/objects/conversation-api.ts";
import type { HolderChange, HolderRequest } from "#src/objects/holder-contract.ts";
import type { Absence } from "./absence.ts";
import type { ConversationLog } from "./conversation-log.ts";
import { type ConversationState, hasEnded } from "./conversation-state.ts";
import type { MessageStore } from "./message-store.ts";
import type { Participants } from "./participants.ts";
import type { TurnDesk } from "./turn-desk.ts";

interface Parts {
  state: ConversationState;
  messages: MessageStore;
  desk: TurnDesk;
  log: ConversationLog;
  participants: Participants;
  absence: Absence;
}

/** What the conversation says of a change, to everybody in it. */
const lines: Record<HolderChange["action"], string> = {
  handover: "A person was asked for.",
  absence: "The conversation waits for another person.",
  take: "A person answers from here on.",
  assign: "The conversation was assigned.",
  release: "The conversation waits for a person.",
  handBack: "The persona answers from here on.",
};

/** Why a change of the holder is refused, and what to do. */
const refusals: Record<HolderChange["action"], string> = {
  handover: "A person was asked for already, or answers",
  absence: "Whoever was absent holds the conversation no longer",
  take: "Another person holds the conversation: moderators and administrators take it with `force`",
  assign: "The conversation cannot be assigned",
  release: "Only who holds the conversation gives it back to the queue",
  handBack: "Only who holds the conversation hands it back, or an administrator: take it first",
};

/** Where it is decided who holds a conversation, and whether it goes on. Times in epoch milliseconds. */
export class HolderDesk {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Changes the holder, stops what the one before was at, and says so; where the persona holds it again, it goes on. */
  change(
    { change, reason, ifEpoch, persona, idleSeconds }: HolderRequest,
    now: number,
  ): Outcome<HolderChanged> {
    const { state, messages, desk, log, participants, absence } = this.#parts;
    const { holder, admin_id: adminId, holder_epoch: epoch, active_leaf } = state.row;
    if (ifEpoch !== undefined && ifEpoch !== epoch)
      return refusal("CONFLICT", "Somebody else has been faster");
    const next = withChange({ holder, adminId, epoch }, change);
    if (!next) return refusal("CONFLICT", refusals[change.action]);
    // Whoever asks once more for what is so has it, and nothing is said of it.
    if (next.epoch === epoch && next.adminId === adminId)
      return success({ conversation: state.view(), message: null });
    if (next.epoch !== epoch) desk.stop("stopped", now);
    state.setHolder(next, statusUnder(next.holder));
    if (next.epoch !== epoch) absence.watch(idleSeconds, now);
    if (next.adminId !== null) participants.join(next.adminId, now);
    const by = "by" in change ? change.by : null;
    // The owner hears it as well: what the staff says of it to each other is for the audit log.
    const why = reasonTold(change.action, reason);
    const news = { holder: next.holder, admin_id: next.adminId, epoch: next.epoch, by, ...why };
    log.append("holder.changed", news, now);
    const message = messages.append(
      {
        role: "system",
        senderId: state.row.instance_id,
        parentId: active_leaf,
        content: lines[change.action],
        status: "complete",
      },
      now,
    );
    log.append("message.created", { message: told(message) }, now);
    desk.goOn(now, persona);
    return success({ conversation: state.view(), message });
  }

  /** Ends a conversation, or has it go on. */
  setStatus(
    { status: asked, as, asksSatisfaction = true, persona }: StatusRequest,
    now: number,
  ): Outcome<ConversationView> {
    const { state, desk, log } = this.#parts;
    const status = as === "owner" && asked !== "ended" ? statusUnder(state.row.holder) : asked;
    if (status === state.row.status) return success(state.view());
    if (as === "owner" && state.hasClosed(persona ?? undefined)) return hasEnded;
    if (status === "ended") desk.stop("stopped", now);
    state.setStatus(status, asksSatisfaction, now);
    const { satisfaction } = state.view();
    if (status === "ended") log.append("conversation.ended", { status, satisfaction }, now);
    else log.append("conversation.updated", { status }, now);
    desk.goOn(now, persona);
    return success(state.view());
  }
}

/** Why a person was asked for, or is not waited for any more. */
function reasonTold(action: HolderChange["action"], reason: string): { reason?: string } {
  if (action === "absence") return { reason: "absence" };
  return action === "handover" ? { reason } : {};
}
