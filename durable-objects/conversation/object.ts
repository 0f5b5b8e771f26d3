import { DurableObject } from "cloudflare:workers";
import { systemClock } from "#src/kernel/clock.ts";
import { type Outcome, refusal, success } from "#src/kernel/outcome.ts";
import { type ObjectPlatform, type ObjectPlatformBindings, objectPlatformOf } from "#src/object-platform.ts";
import {
  type ConversationApi,
  type ConversationView,
  conversationStatusSchema,
  type HolderRequest,
  holderRequestSchema,
  type LogEntry,
  type MessageEdit,
  type MessagePage,
  type MessageQuery,
  type MessageRemoval,
  type MessageView,
  messageEditSchema,
  messageQuerySchema,
  messageRemovalSchema,
  type NewConversation,
  type NewMessage,
  newConversationSchema,
  newMessageSchema,
  type ReceiptView,
  receiptSchema,
  type SaidReceipt,
  type SentMessage,
  type TurnView,
} from "#src/objects/conversation-api.ts";
import {
  type Stale,
  type TurnClosing,
  type TurnContext,
  type TurnDelta,
  type TurnKey,
  type TurnRunEnded,
  turnDeltaSchema,
  turnKeySchema,
  turnRunEndedSchema,
} from "#src/objects/turn-contract.ts";
import { createLogger } from "#src/observability/logger.ts";
import { AnswerTexts } from "./answer-texts.ts";
import { ConversationLog } from "./conversation-log.ts";
import { ConversationState } from "./conversation-state.ts";
import { EditDesk } from "./edit-desk.ts";
import { HolderDesk } from "./holder-desk.ts";
import { MessageDesk } from "./message-desk.ts";
import { MessageStore } from "./message-store.ts";
import { Participants } from "./participants.ts";
import { TurnCourier } from "./turn-courier.ts";
import { TurnDesk } from "./turn-desk.ts";
import { TurnOutbox } from "./turn-outbox.ts";
import { TurnRows } from "./turn-rows.ts";

/** After so long an alarm sends what a crash has kept back. */
const guardMs = 5000;

/** Entries of the log that one call gives. */
const maxEntries = 1000;

const notFound = refusal("NOT_FOUND", "No such conversation");

/**
 * A conversation: the one writer of its messages, their order and their turns. What a call changes is one transaction;
 * what is to be asked of others for it stands in the outbox, and is asked once that is written.
 */
export class Conversation extends DurableObject<ObjectPlatformBindings> implements ConversationApi {
  readonly #clientId: string;
  readonly #id: string;
  readonly #platform: ObjectPlatform;
  readonly #clock = systemClock;
  readonly #state: ConversationState;
  readonly #messages: MessageStore;
  readonly #turns: TurnRows;
  readonly #log: ConversationLog;
  readonly #outbox: TurnOutbox;
  readonly #desk: TurnDesk;
  readonly #people: MessageDesk;
  readonly #edits: EditDesk;
  readonly #holder: HolderDesk;
  readonly #participants: Participants;
  readonly #courier: TurnCourier;
  #underWay: Promise<void> | undefined;

  constructor(ctx: DurableObjectState, env: ObjectPlatformBindings) {
    super(ctx, env);
    const { sql } = ctx.storage;
    const [clientId = "", id = ""] = (ctx.id.name ?? "").split("/");
    this.#clientId = clientId;
    this.#id = id;
    this.#platform = objectPlatformOf(env, ctx.id);
    const { settings, objects, logs } = this.#platform;
    const state = new ConversationState(sql);
    const messages = new MessageStore(sql, state);
    const turns = new TurnRows(sql);
    const log = new ConversationLog(sql);
    const outbox = new TurnOutbox(sql);
    const desk = new TurnDesk({ state, messages, turns, texts: new AnswerTexts(sql), log, outbox });
    this.#state = state;
    this.#messages = messages;
    this.#turns = turns;
    this.#log = log;
    this.#outbox = outbox;
    this.#desk = desk;
    this.#people = new MessageDesk({ state, messages, turns, desk, log });
    this.#edits = new EditDesk({ state, messages, desk, log });
    this.#holder = new HolderDesk({ state, messages, desk, log });
    this.#participants = new Participants(sql, state, log);
    this.#courier = new TurnCourier({
      state,
      turns,
      desk,
      outbox,
      write: (work) => ctx.storage.transactionSync(() => work(this.#clock.now())),
      workflows: () => objects.workflowsOfInstance(clientId, state.row.instance_id),
      logger: createLogger(
        "conversation",
        settings.LOG_LEVEL,
        { client_id: clientId, conversation_id: id },
        logs,
      ),
    });
  }

  async begin(given: NewConversation): Promise<Outcome<ConversationView>> {
    const conversation = newConversationSchema.parse(given);
    if (!this.#state.isThere)
      this.ctx.storage.transactionSync(() => {
        const now = this.#clock.now();
        this.#state.begin({ id: this.#id, clientId: this.#clientId }, conversation, now);
        this.#log.append("conversation.created", { conversation: this.#state.view() }, now);
      });
    return this.view();
  }

  async view(): Promise<Outcome<ConversationView>> {
    return this.#state.isThere ? success(this.#state.view()) : notFound;
  }

  async send(given: NewMessage): Promise<Outcome<SentMessage>> {
    const message = newMessageSchema.parse(given);
    return this.#change((now) => this.#people.send(message, now));
  }

  async regenerate(messageId: string): Promise<Outcome<TurnView>> {
    return this.#change((now) => this.#people.regenerate(messageId, now));
  }

  async activate(leafId: string, ifLeaf?: string): Promise<Outcome<ConversationView>> {
    return this.#change((now) => this.#people.activate(leafId, ifLeaf, now));
  }

  async stop(): Promise<Outcome<ConversationView>> {
    return this.#change((now) => {
      this.#desk.stop("stopped", now);
      this.#desk.goOn(now);
      return success(this.#state.view());
    });
  }

  async edit(given: MessageEdit): Promise<Outcome<SentMessage>> {
    const edit = messageEditSchema.parse(given);
    return this.#change((now) => this.#edits.edit(edit, now));
  }

  async remove(given: MessageRemoval): Promise<Outcome<MessageView>> {
    const removal = messageRemovalSchema.parse(given);
    return this.#change((now) => this.#edits.remove(removal, now));
  }

  async changeHolder(
    given: HolderRequest,
  ): Promise<Outcome<{ conversation: ConversationView; message: MessageView }>> {
    const request = holderRequestSchema.parse(given);
    return this.#change((now) => this.#holder.change(request, now));
  }

  async setStatus(given: ConversationView["status"]): Promise<Outcome<ConversationView>> {
    const status = conversationStatusSchema.parse(given);
    return this.#change((now) => this.#holder.setStatus(status, now));
  }

  async receipt(given: SaidReceipt): Promise<Outcome<ReceiptView>> {
    const said = receiptSchema.parse(given);
    return this.#change((now) => success(this.#participants.receipt(said, now)));
  }

  async listMessages(given: MessageQuery): Promise<Outcome<MessagePage>> {
    const query = messageQuerySchema.parse(given);
    return this.#state.isThere ? success(this.#messages.page(query)) : notFound;
  }

  async listTurns(limit: number): Promise<Outcome<TurnView[]>> {
    return this.#state.isThere ? success(this.#turns.newest(Math.min(limit, maxEntries))) : notFound;
  }

  async readLog(since: number, limit: number): Promise<Outcome<{ entries: LogEntry[]; isGap: boolean }>> {
    return this.#state.isThere ? success(this.#log.read(since, Math.min(limit, maxEntries))) : notFound;
  }

  async contextOf(given: TurnKey): Promise<{ ok: true; context: TurnContext } | Stale> {
    const key = turnKeySchema.parse(given);
    return this.#state.isThere ? this.#desk.context(key) : { ok: false, code: "NOT_FOUND" };
  }

  async writeDelta(given: TurnDelta): Promise<{ ok: true; have: number } | Stale> {
    const delta = turnDeltaSchema.parse(given);
    return this.#turn((now) => this.#desk.write(delta, now));
  }

  async closeTurn(closing: TurnClosing): Promise<{ ok: true } | Stale> {
    return this.#turn((now) => this.#desk.close(closing, now));
  }

  async runEnded(given: TurnRunEnded): Promise<void> {
    const ended = turnRunEndedSchema.parse(given);
    this.#change((now) => success(this.#desk.runEnded(ended, now)));
  }

  override async alarm(): Promise<void> {
    if (this.#state.isThere) await this.#deliver();
  }

  #turn<T>(work: (now: number) => T | Stale): T | Stale {
    if (!this.#state.isThere) return { ok: false, code: "NOT_FOUND" };
    const answer = this.ctx.storage.transactionSync(() => work(this.#clock.now()));
    this.#wake();
    return answer;
  }

  #change<T>(work: (now: number) => Outcome<T>): Outcome<T> {
    if (!this.#state.isThere) return notFound;
    const outcome = this.ctx.storage.transactionSync(() => work(this.#clock.now()));
    this.#wake();
    return outcome;
  }

  /** Has sent what is due; the alarm is armed first, for what a crash would keep back. */
  #wake(): void {
    const { nextAt } = this.#outbox;
    const now = this.#clock.now();
    if (nextAt === null || nextAt > now || this.#underWay) return;
    this.ctx.waitUntil(this.#deliver());
  }

  async #deliver(): Promise<void> {
    this.#underWay ??= this.#drain();
    await this.#underWay;
  }

  async #drain(): Promise<void> {
    const { storage } = this.ctx;
    void storage.setAlarm(this.#clock.now() + guardMs);
    for (let at = this.#outbox.nextAt; at !== null && at <= this.#clock.now(); at = this.#outbox.nextAt)
      await this.#courier.run(this.#clock.now());
    // What is written from here on is sent by whoever writes it.
    this.#underWay = undefined;
    const { nextAt } = this.#outbox;
    await (nextAt === null ? storage.deleteAlarm() : storage.setAlarm(nextAt));
    this.#platform.handOver.after((work) => this.ctx.waitUntil(work));
  }
}
