import { runInDurableObject } from "cloudflare:test";
import { expect, it } from "vitest";
import { AnswerTexts } from "#durable-objects/conversation/answer-texts.ts";
import { CompactionDesk } from "#durable-objects/conversation/compaction-desk.ts";
import { ConversationLog } from "#durable-objects/conversation/conversation-log.ts";
import { ConversationState } from "#durable-objects/conversation/conversation-state.ts";
import { Marks } from "#durable-objects/conversation/marks.ts";
import { MessageStore } from "#durable-objects/conversation/message-store.ts";
import { Summaries } from "#durable-objects/conversation/summaries.ts";
import { TurnCourier } from "#durable-objects/conversation/turn-courier.ts";
import { TurnDesk } from "#durable-objects/conversation/turn-desk.ts";
import { TurnOutbox } from "#durable-objects/conversation/turn-outbox.ts";
import { TurnRows } from "#durable-objects/conversation/turn-rows.ts";
import type { StartRun } from "#src/engine/start-run.ts";
import { type Outcome, refusal, success } from "#src/kernel/outcome.ts";
import type { MemoriesApi } from "#src/objects/memories-api.ts";
import type { RunsApi, StartedRun } from "#src/objects/runs-api.ts";
import { createLogger } from "#src/observability/logger.ts";
import { consentsFrom } from "#src/personalisation/index.ts";
import { newPlace, objectAt, owner, persona } from "../../support/conversations.ts";

type Start = (request: StartRun) => Promise<Outcome<StartedRun>>;

const begun = async (): Promise<Outcome<StartedRun>> =>
  success({ correlationId: "run-1", status: "running", created: true });

/** A conversation with a turn whose run is to begin, at a clock of its own. */
function underTest(storage: DurableObjectStorage, start: Start) {
  const { sql } = storage;
  let now = 1_000_000;
  const state = new ConversationState(storage);
  const conversation = {
    owner: { id: owner, kind: "visitor" as const },
    instanceId: "instance-1",
    projectId: null,
    title: null,
    metadata: {},
    greeting: null,
    persona: persona(),
  };
  state.begin({ id: "conversation-1", clientId: "client-1" }, conversation, now);
  const messages = new MessageStore(sql, state);
  const turns = new TurnRows(sql);
  const outbox = new TurnOutbox(sql);
  const log = new ConversationLog(sql);
  const desk = new TurnDesk({ state, messages, turns, texts: new AnswerTexts(sql), log, outbox });
  const cancelled: string[] = [];
  const workflows: Pick<RunsApi, "startRun" | "cancelRun" | "eraseRunsOf"> &
    Pick<MemoriesApi, "forgetConversation"> = {
    startRun: start,
    cancelRun: async (runId) => {
      cancelled.push(runId);
      return success({ status: "cancelled" });
    },
    forgetConversation: async () => 0,
    eraseRunsOf: async () => ({ isMore: false }),
  };
  const courier = new TurnCourier({
    ...{ state, turns, desk, outbox },
    compaction: new CompactionDesk(sql, {
      ...{ state, messages, summaries: new Summaries(sql), desk, outbox, marks: new Marks(sql) },
    }),
    insights: { isWanted: () => false },
    titles: { isWanted: () => false },
    persons: () => ({ consentsOf: async () => consentsFrom({}) }),
    clock: { now: () => now },
    write: (work) => storage.transactionSync(() => work(now)),
    workflows: () => workflows,
    tellLists: async () => {},
    search: { tell: async () => {} },
    files: { sweep: async () => {}, removeAll: async () => {} },
    freezer: { freeze: () => {} },
    answers: { judge: async () => {} },
    tellTenant: async () => {},
    logger: createLogger("conversation", "error", {}),
  });
  const message = {
    role: "user",
    senderId: owner,
    parentId: null,
    content: "Tea?",
    status: "complete",
  } as const;
  const turn = desk.begin(messages.append(message, now).id, now);
  return {
    ...{ desk, outbox, cancelled, turn },
    turnNow: () => turns.find(turn.id),
    run: () => courier.run(now),
    pass(ms: number) {
      now += ms;
      return now;
    },
  };
}

type Tested = ReturnType<typeof underTest>;

const withTurn = (start: Start, work: (tested: Tested) => Promise<void>) =>
  runInDurableObject(objectAt(newPlace()), (_, { storage }) => work(underTest(storage, start)));

it("A turn's run begins with what it needs, under the turn's own key", () => {
  const asked: StartRun[] = [];
  const start: Start = (request) => {
    asked.push(request);
    return begun();
  };
  return withTurn(start, async ({ run, turn, turnNow, outbox }) => {
    await run();
    expect(asked).toMatchObject([
      {
        ...{ clientId: "client-1", instanceId: "instance-1", userId: "persona-owner" },
        input: { conversation_id: "conversation-1", turn_id: turn.id, epoch: 1 },
        plan: { steps: { answer: { action: "chat_turn", topic: "system.agent.chat.process" } } },
        idempotency: { key: `turn:${turn.id}` },
        startedBy: { kind: "visitor", id: owner },
      },
    ]);
    expect([turnNow()?.runId, outbox.nextAt]).toEqual(["run-1", null]);
  });
});

it("Where the workflows are not reached it is tried again, ever later, until it is heard", () => {
  let failures = 3;
  const start: Start = () => (failures-- > 0 ? Promise.reject(new Error("unreachable")) : begun());
  return withTurn(start, async ({ run, outbox, pass, turnNow }) => {
    const pauses: number[] = [];
    for (
      let now = pass(0);
      outbox.nextAt !== null;
      now = pass(outbox.nextAt === null ? 0 : outbox.nextAt - now)
    ) {
      await run();
      if (outbox.nextAt !== null) pauses.push(outbox.nextAt - now);
    }
    expect(pauses).toEqual([1000, 2000, 4000]);
    expect(turnNow()).toMatchObject({ status: "running", runId: "run-1" });
  });
});

it("A turn whose run cannot be begun for a quarter of an hour fails", () =>
  withTurn(
    () => Promise.reject(new Error("unreachable")),
    async ({ run, pass, turnNow, outbox }) => {
      await run();
      expect(turnNow()?.status).toBe("running");
      pass(900_001);
      await run();
      expect(turnNow()).toMatchObject({ status: "failed", error: "UPSTREAM_UNAVAILABLE" });
      expect(outbox.nextAt).toBeNull();
    },
  ));

it("A turn whose run is refused fails with the refusal's code", () =>
  withTurn(
    async () => refusal("QUOTA_EXCEEDED"),
    async ({ run, turnNow, outbox }) => {
      await run();
      expect([turnNow()?.status, turnNow()?.error, outbox.nextAt]).toEqual([
        "failed",
        "QUOTA_EXCEEDED",
        null,
      ]);
    },
  ));

it("A turn that is stopped before its run was asked for has none", () => {
  const asked: StartRun[] = [];
  const start: Start = (request) => {
    asked.push(request);
    return begun();
  };
  return withTurn(start, async ({ desk, run, pass }) => {
    desk.stop("stopped", pass(1));
    await run();
    expect(asked).toEqual([]);
  });
});

it("A run that begins while its turn is being stopped is given up", () => {
  const gate = Promise.withResolvers<void>();
  const start: Start = async () => {
    await gate.promise;
    return begun();
  };
  return withTurn(start, async ({ desk, run, pass, cancelled, outbox }) => {
    const underWay = run();
    desk.stop("stopped", pass(1));
    gate.resolve();
    await underWay;
    await run();
    expect([cancelled, outbox.nextAt]).toEqual([["run-1"], null]);
  });
});
