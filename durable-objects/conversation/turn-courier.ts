import type { StartRun } from "#src/engine/start-run.ts";
import { type Outcome, success } from "#src/kernel/outcome.ts";
import { withTimeout } from "#src/kernel/with-timeout.ts";
import type { Persona } from "#src/objects/conversation-api.ts";
import type { MemoriesApi } from "#src/objects/memories-api.ts";
import type { MemoryOwner } from "#src/objects/memory.ts";
import type { RunsApi } from "#src/objects/runs-api.ts";
import { chatTurnAction, chatTurnTopic } from "#src/objects/turn-contract.ts";
import { errorFields, type Logger } from "#src/observability/logger.ts";
import { childOf, formatTraceparent } from "#src/observability/trace-context.ts";
import type { ConversationState } from "./conversation-state.ts";
import type { FileKeeper } from "./file-keeper.ts";
import type { TurnDesk } from "./turn-desk.ts";
import type { Outgoing, TurnOutbox } from "./turn-outbox.ts";
import type { TurnRows } from "./turn-rows.ts";

/** A call that takes longer counts as lost; whatever it has done, it may be made again. */
const callPatienceMs = 10_000;

/** A run that could not be begun for so long is not begun any more: its turn fails. */
const patienceMs = 900_000;

/** What a run of a turn follows. */
const planOf = ({ tools }: Pick<Persona, "tools">): StartRun["plan"] => ({
  start_step: "answer",
  steps: {
    answer: {
      action: chatTurnAction,
      topic: chatTurnTopic,
      description: "",
      ...(tools.length > 0 && { tools: [...tools] }),
    },
  },
});

interface Parts {
  state: ConversationState;
  turns: TurnRows;
  desk: TurnDesk;
  outbox: TurnOutbox;
  /** Writes what belongs together. */
  write<T>(work: (now: number) => T): T;
  /** The object that holds the runs of the conversation's persona. */
  workflows(): Pick<RunsApi, "startRun" | "cancelRun"> & Pick<MemoriesApi, "forgetConversation">;
  /** Tells the lists how the conversation is. */
  tellLists(): Promise<unknown>;
  files: Pick<FileKeeper, "sweep" | "removeAll">;
  logger: Logger;
}

/** Brings what stands in the outbox to the tenant's workflows, to the lists and to R2, until it has been heard. */
export class TurnCourier {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Sends all that is due. What fails is tried again later. */
  async run(now: number): Promise<void> {
    for (const outgoing of this.#parts.outbox.due(now)) await this.#send(outgoing);
  }

  async #send(outgoing: Outgoing): Promise<void> {
    const { outbox, logger, write } = this.#parts;
    const { turnId, kind } = outgoing;
    try {
      await withTimeout(this.#bring(outgoing), callPatienceMs);
    } catch (error) {
      logger.warn("somebody was not reached; it is tried again", {
        turn: turnId,
        kind,
        ...errorFields(error),
      });
      write((now) => {
        outbox.postpone(turnId, kind, now);
        if (kind === "start" && now - outgoing.since > patienceMs)
          this.#fail(turnId, "UPSTREAM_UNAVAILABLE", now);
      });
    }
  }

  #bring(outgoing: Outgoing): Promise<void> {
    switch (outgoing.kind) {
      case "start":
        return this.#start(outgoing);
      case "cancel":
        return this.#cancel(outgoing);
      case "forget":
        return this.#forget();
      case "lists":
        return this.#tellLists();
      case "sweep":
        return this.#parts.files.sweep();
      case "files":
        return this.#parts.files.removeAll(outgoing);
    }
  }

  /** What was remembered of it goes with it. */
  async #forget(): Promise<void> {
    const { state, outbox, write } = this.#parts;
    await this.#parts.workflows().forgetConversation(state.row.id);
    write(() => outbox.remove("", "forget"));
  }

  async #tellLists(): Promise<void> {
    const { outbox, write, tellLists } = this.#parts;
    // Noted first: what changes while it is on its way asks for another one.
    write((now) => outbox.listsTold(now));
    await tellLists();
  }

  async #start({ turnId }: Outgoing): Promise<void> {
    const { desk, write } = this.#parts;
    const request = this.#requestOf(turnId);
    const started: Outcome<{ correlationId: string } | undefined> = request
      ? await this.#parts.workflows().startRun(request)
      : success(undefined);
    write((now) => {
      if (!started.ok) this.#fail(turnId, started.code, now);
      else if (started.value) desk.started(turnId, started.value.correlationId, now);
    });
  }

  async #cancel({ turnId }: Outgoing): Promise<void> {
    const { turns, outbox, write } = this.#parts;
    const runId = turns.find(turnId)?.runId;
    // A run that has ended, or was forgotten, refuses: it does nothing any more either.
    if (runId) await this.#parts.workflows().cancelRun(runId, "tenant", "The turn was stopped");
    write(() => outbox.remove(turnId, "cancel"));
  }

  #fail(turnId: string, error: string, now: number): void {
    const { turns, desk, outbox } = this.#parts;
    const turn = turns.find(turnId);
    outbox.remove(turnId, "start");
    if (turn?.status !== "running") return;
    desk.end(turn, { status: "failed", error }, now);
    desk.goOn(now);
  }

  /** What begins a turn's run; undefined where the turn is over. */
  #requestOf(turnId: string): StartRun | undefined {
    const { state, turns } = this.#parts;
    const turn = turns.find(turnId);
    if (turn?.status !== "running") return undefined;
    const { id, client_id: clientId, instance_id: instanceId, owner_id, owner_kind } = state.row;
    const { persona } = state;
    // The persona's own owner is told what it has kept of what they had it do; anybody else what they have told it.
    const isOwners = owner_kind === "user" && owner_id === persona.run.userId;
    const memoryOwner: MemoryOwner = isOwners ? "owner" : `${owner_kind}:${owner_id}`;
    return {
      ...persona.run,
      clientId,
      instanceId,
      plan: planOf(persona),
      input: { conversation_id: id, turn_id: turnId, epoch: turn.epoch },
      idempotency: { key: `turn:${turnId}`, bodyDigest: turnId },
      requestId: turnId,
      traceparent: formatTraceparent(childOf(undefined)),
      startedBy: { kind: owner_kind, id: owner_id },
      memoryOf: { owner: memoryOwner, conversationId: id },
    };
  }
}
