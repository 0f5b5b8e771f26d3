import type { Clock } from "#src/kernel/clock.ts";
import { type Outcome, success } from "#src/kernel/outcome.ts";
import { withTimeout } from "#src/kernel/with-timeout.ts";
import type { ConsentsApi } from "#src/objects/consents-api.ts";
import type { MemoriesApi } from "#src/objects/memories-api.ts";
import type { RunsApi } from "#src/objects/runs-api.ts";
import { errorFields, type Logger } from "#src/observability/logger.ts";
import type { AnswerJudging } from "./answer-judging.ts";
import type { CompactionDesk } from "./compaction-desk.ts";
import type { ConversationState } from "./conversation-state.ts";
import type { FileKeeper } from "./file-keeper.ts";
import type { Freezer } from "./freezer.ts";
import type { InsightDesk } from "./insight-desk.ts";
import { compactionRequest, insightsRequest, titleRequest, turnRequest } from "./run-requests.ts";
import type { SearchFeed } from "./search-feed.ts";
import type { TitleDesk } from "./title-desk.ts";
import type { TurnDesk } from "./turn-desk.ts";
import { gathered, type Outgoing, type TurnOutbox } from "./turn-outbox.ts";
import type { TurnRows } from "./turn-rows.ts";

/** A call that takes longer counts as lost; whatever it has done, it may be made again. */
const callPatienceMs = 10_000;

/** A run that could not be begun for so long is not begun any more: its turn fails. */
const patienceMs = 900_000;

/** Between two pieces of what takes several. */
const breathMs = 200;

interface Parts {
  state: ConversationState;
  turns: TurnRows;
  desk: TurnDesk;
  compaction: CompactionDesk;
  insights: Pick<InsightDesk, "isWanted">;
  titles: Pick<TitleDesk, "isWanted">;
  /** What the tenant knows of persons. */
  persons(): Pick<ConsentsApi, "consentsOf">;
  clock: Clock;
  outbox: TurnOutbox;
  /** Writes what belongs together. */
  write<T>(work: (now: number) => T): T;
  /** The object that holds the runs of the conversation's persona. */
  workflows(): Pick<RunsApi, "startRun" | "cancelRun" | "eraseRunsOf"> &
    Pick<MemoriesApi, "forgetConversation">;
  /** Tells the lists how the conversation is. */
  tellLists(): Promise<unknown>;
  search: Pick<SearchFeed, "tell">;
  files: Pick<FileKeeper, "sweep" | "removeAll">;
  freezer: Pick<Freezer, "freeze">;
  answers: Pick<AnswerJudging, "judge">;
  /** Tells the tenant's log what has become of it. */
  tellTenant(): Promise<void>;
  logger: Logger;
}

/** Brings what stands in the outbox to whom it is for, until it has been heard. */
export class TurnCourier {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * Sends all that is due: one after another what is about turns and files, and beside it, at one time, what tells others how
   * the conversation is. What fails is tried again later.
   */
  async run(now: number): Promise<void> {
    const { outbox } = this.#parts;
    const due = outbox.due(now);
    const telling = due.filter(({ kind }) => gathered.includes(kind));
    if (telling.length > 0) outbox.tells(now);
    const others = due.filter((outgoing) => !telling.includes(outgoing));
    await Promise.all([...telling.map((outgoing) => this.#send(outgoing)), this.#sendInOrder(others)]);
  }

  async #sendInOrder(due: readonly Outgoing[]): Promise<void> {
    for (const outgoing of due) await this.#send(outgoing);
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
      case "compact":
        return this.#compact(outgoing);
      case "insights":
        return this.#insights(outgoing);
      case "title":
        return this.#title(outgoing);
      case "forget":
        return this.#forget();
      case "judge":
        return this.#parts.answers.judge(outgoing);
      case "lists":
        return this.#tellLists();
      case "search":
        return this.#parts.search.tell();
      case "sweep":
        return this.#parts.files.sweep();
      case "files":
        return this.#parts.files.removeAll(outgoing);
      case "freeze":
        return Promise.resolve(this.#parts.freezer.freeze());
      case "tenant":
        return this.#parts.tellTenant();
    }
  }

  /** A summary that cannot be begun is not made: nothing is lost without it. */
  async #compact({ turnId: id }: Outgoing): Promise<void> {
    const { state, compaction, outbox, write } = this.#parts;
    const isWanted = state.isThere && compaction.isWanted(id);
    const started = isWanted
      ? await this.#parts.workflows().startRun(compactionRequest(state, id))
      : undefined;
    write(() => {
      if (started?.ok) outbox.remove(id, "compact");
      else compaction.giveUp(id);
    });
  }

  /** Nobody is read who has not agreed to it, and a reading that cannot be begun is not missed. */
  async #insights({ turnId: id, since }: Outgoing): Promise<void> {
    const { state, insights, outbox, write, persons, clock } = this.#parts;
    const isWanted = state.isThere && insights.isWanted(id) && clock.now() - since < patienceMs;
    const agreed = isWanted && (await persons().consentsOf(state.row.owner_id)).insights.granted;
    if (agreed) await this.#parts.workflows().startRun(insightsRequest(state, id));
    write(() => outbox.remove(id, "insights"));
  }

  /** A title that cannot be begun is not missed. */
  async #title({ turnId: id, since }: Outgoing): Promise<void> {
    const { state, titles, outbox, write, clock } = this.#parts;
    const isWanted = state.isThere && titles.isWanted(id) && clock.now() - since < patienceMs;
    if (isWanted) await this.#parts.workflows().startRun(titleRequest(state, id));
    write(() => outbox.remove(id, "title"));
  }

  /** What was remembered of it goes with it, and what its runs keep, in pieces. */
  async #forget(): Promise<void> {
    const { state, outbox, write } = this.#parts;
    const workflows = this.#parts.workflows();
    await workflows.forgetConversation(state.row.id);
    const { isMore } = await workflows.eraseRunsOf(state.row.id);
    write((now) => {
      if (isMore) outbox.postponeTo("forget", now + breathMs);
      else outbox.remove("", "forget");
    });
  }

  async #tellLists(): Promise<void> {
    const { outbox, write, tellLists } = this.#parts;
    // Noted first: what changes while it is on its way asks for another one.
    write((now) => outbox.listsTold(now));
    await tellLists();
  }

  async #start({ turnId }: Outgoing): Promise<void> {
    const { state, turns, desk, outbox, write } = this.#parts;
    const turn = turns.find(turnId);
    const started: Outcome<{ correlationId: string } | undefined> =
      turn?.status === "running"
        ? await this.#parts.workflows().startRun(turnRequest(state, turn))
        : success(undefined);
    write((now) => {
      if (!started.ok) this.#fail(turnId, started.code, now);
      else if (started.value) desk.started(turnId, started.value.correlationId, now);
      // It has ended before anybody heard that its run began: there is nothing to begin.
      else outbox.remove(turnId, "start");
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
}
