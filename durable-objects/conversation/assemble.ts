import { type Clock, systemClock } from "#src/kernel/clock.ts";
import type { ObjectPlatform } from "#src/object-platform.ts";
import type { ConversationApi } from "#src/objects/conversation-api.ts";
import { createLogger, errorFields } from "#src/observability/logger.ts";
import { gatewayCalls } from "#src/realtime/index.ts";
import { Absence } from "./absence.ts";
import { alarmBy } from "./alarm-by.ts";
import { AnswerJudging } from "./answer-judging.ts";
import { AnswerTexts } from "./answer-texts.ts";
import { AttachmentDesk } from "./attachment-desk.ts";
import { AttachmentRows } from "./attachment-rows.ts";
import { CompactionDesk } from "./compaction-desk.ts";
import { ConversationLog } from "./conversation-log.ts";
import { ConversationState } from "./conversation-state.ts";
import { Counting } from "./counting.ts";
import { EditDesk } from "./edit-desk.ts";
import { Eraser } from "./eraser.ts";
import { FileKeeper } from "./file-keeper.ts";
import { Freezer } from "./freezer.ts";
import { HiddenTexts } from "./hidden-texts.ts";
import { HolderDesk } from "./holder-desk.ts";
import { InsightDesk } from "./insight-desk.ts";
import { listCopy } from "./list-copy.ts";
import { Live } from "./live.ts";
import { Marks } from "./marks.ts";
import { MessageDesk } from "./message-desk.ts";
import { MessageStore } from "./message-store.ts";
import { NoteStore } from "./note-store.ts";
import { OpinionDesk } from "./opinion-desk.ts";
import { Origins } from "./origins.ts";
import { Pace } from "./pace.ts";
import { Participants } from "./participants.ts";
import { ReleaseDesk } from "./release-desk.ts";
import { SearchFeed } from "./search-feed.ts";
import { SocketDesk } from "./socket-desk.ts";
import { SocketMessages } from "./socket-messages.ts";
import { Summaries } from "./summaries.ts";
import { TenantCourier } from "./tenant-courier.ts";
import { TitleDesk } from "./title-desk.ts";
import { ToolDesk } from "./tool-desk.ts";
import { TurnCourier } from "./turn-courier.ts";
import { TurnDesk } from "./turn-desk.ts";
import { TurnOutbox } from "./turn-outbox.ts";
import { TurnRows } from "./turn-rows.ts";

/** Does something later, while the object is awake: what waits keeps it so. */
const later = (work: () => void, ms: number): void => {
  setTimeout(work, ms);
};

/**
 * Puts a conversation's parts together. Its tables are there only once it has begun.
 * @param conversation the object itself
 */
export function assemble(
  ctx: DurableObjectState,
  { settings, objects, queues, blobs, logs, socketCalls, toolCalls }: ObjectPlatform,
  conversation: Pick<ConversationApi, "send" | "stop" | "receipt">,
  clock: Clock = systemClock,
) {
  const { storage } = ctx;
  const { sql } = storage;
  const name = ctx.id.name ?? "";
  const [clientId = "", id = ""] = name.split("/");
  const logger = createLogger(
    "conversation",
    settings.LOG_LEVEL,
    { client_id: clientId, conversation_id: id },
    logs,
  );
  const state = new ConversationState(storage);
  const messages = new MessageStore(sql, state);
  const turns = new TurnRows(sql);
  const log = new ConversationLog(sql);
  const outbox = new TurnOutbox(sql);
  const texts = new AnswerTexts(sql);
  const participants = new Participants(sql, state, log);
  const desk = new TurnDesk({ state, messages, turns, texts, log, outbox });
  const attachments = new AttachmentRows(sql);
  const enclosures = new AttachmentDesk({ attachments, outbox });
  const absence = new Absence(sql, { state, messages });
  const holder = new HolderDesk({ state, messages, desk, log, participants, absence });
  const summaries = new Summaries(sql);
  const marks = new Marks(sql);
  const compaction = new CompactionDesk(sql, { state, messages, summaries, desk, outbox, marks });
  const asked = {
    absence,
    holder,
    enclosures,
    summaries,
    compaction,
    participants,
    marks,
    pace: new Pace(() => state.row.owner_kind),
  };
  const notes = new NoteStore(sql, state, messages);
  const hidden = new HiddenTexts(sql);
  const insights = new InsightDesk(sql, { state, holder, outbox });
  const titles = new TitleDesk(sql, { state, marks, log, outbox });
  const origins = new Origins(sql);
  const write = <T>(work: (now: number) => T): T => state.transaction(() => work(clock.now()));
  const freezer = new Freezer({
    ...{ sql, clientId, id, state, outbox, blobs, write },
    isHeard: () => ctx.getWebSockets().length > 0,
    armBy: (at) => alarmBy(storage, at),
  });
  const shared = {
    freezer,
    state,
    messages,
    turns,
    desk,
    log,
    outbox,
    notes,
    hidden,
    insights,
    titles,
    origins,
    ...asked,
  };
  const tenant = new TenantCourier({ ...shared, write, log: () => objects.workflows(clientId) });
  const search = new SearchFeed({
    ...{ sql, state, outbox, attachments, write },
    search: () => objects.conversationSearch(clientId),
  });
  const edits = new EditDesk(shared);
  const answers = new AnswerJudging({
    ...{ ...shared, clientId, edits, write },
    judgeAnswer: async (answer) => {
      if (!toolCalls) throw new Error("The gateway is not bound");
      return toolCalls.judgeAnswer(answer);
    },
  });
  const now = () => clock.now();
  const counting = new Counting({ state, log, origins });
  const live = new Live({ ...shared, id, ctx, texts, logger, later, now });
  const gate = () => objects.gate(clientId);
  const gateway = gatewayCalls(socketCalls, (what, error) => logger.error(what, errorFields(error)));
  return {
    ...shared,
    search,
    counting,
    clientId,
    id,
    clock,
    logger,
    people: new MessageDesk(shared),
    edits,
    releases: new ReleaseDesk(shared),
    opinions: new OpinionDesk(shared),
    tools: new ToolDesk(sql, shared),
    eraser: new Eraser(sql, shared),
    live,
    sockets: new SocketDesk({
      ...{ id, state, freezer, log, live, later, now, conversation },
      messages: new SocketMessages({ clientId, id, state, gateway, gate, conversation, logger, now }),
    }),
    gate,
    courier: new TurnCourier({
      ...shared,
      write,
      clock,
      persons: () => objects.personalisation(clientId),
      workflows: () => objects.workflowsOfInstance(clientId, state.row.instance_id),
      tellTenant: () => tenant.run(),
      tellLists: () =>
        queues.of("platform-events", name).send({
          ...listCopy({ state, messages, participants, marks }),
          left_by: absence.leftBy,
          counts: counting.next,
        }),
      search,
      answers,
      files: new FileKeeper({ clientId, id, attachments, outbox, blobs, freezer, write }),
      logger,
    }),
  };
}
