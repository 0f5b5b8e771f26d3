import { DurableObject } from "cloudflare:workers";
import { z } from "zod";
import { type Outcome, success } from "#src/kernel/outcome.ts";
import { type ObjectPlatformBindings, objectPlatformOf } from "#src/object-platform.ts";
import type { AttachmentsApi } from "#src/objects/attachments-api.ts";
import type {
  ConversationApi,
  ConversationChange,
  ConversationView,
  HolderChanged,
  LogEntry,
  MessageEdit,
  MessagePage,
  MessageQuery,
  MessageRemoval,
  MessageView,
  NewMessage,
  SentMessage,
  Standing,
  StatusRequest,
  TurnView,
} from "#src/objects/conversation-api.ts";
import type { Persona, StandingPersona } from "#src/objects/conversation-persona.ts";
import type {
  MessageHiding,
  NewNote,
  NotePage,
  NoteQuery,
  ParticipantView,
  RatingRequest,
  Satisfaction,
} from "#src/objects/conversation-staff-api.ts";
import type { HolderRequest } from "#src/objects/holder-contract.ts";
import { type ListenersEnded, listenersEndedSchema } from "#src/objects/listeners-contract.ts";
import type { MessageRelease } from "#src/objects/moderation-contract.ts";
import type { ReceiptView, SaidReceipt } from "#src/objects/receipt-contract.ts";
import {
  type Stale,
  type TurnClosing,
  type TurnContext,
  type TurnDelta,
  type TurnHandover,
  type TurnKey,
  type TurnTools,
  turnKeySchema,
  turnRunEndedSchema,
} from "#src/objects/turn-contract.ts";
import { Answering } from "./answering.ts";
import { assemble } from "./assemble.ts";
import { Entrance } from "./entrance.ts";
import { Files } from "./files.ts";
import { Judging } from "./judging.ts";
import { Lifetime } from "./lifetime.ts";
import { Readings } from "./readings.ts";
import { Talking } from "./talking.ts";
import { Writing } from "./writing.ts";

/**
 * A conversation: the one writer of its messages, their order and their turns. What a call changes is one transaction;
 * what is to be asked of others for it stands in the outbox, and is asked once that is written.
 */
export class Conversation extends DurableObject<ObjectPlatformBindings> implements ConversationApi {
  readonly #parts: ReturnType<typeof assemble>;
  readonly #writing: Writing;
  readonly #lifetime: Lifetime;
  readonly #readings: Readings;
  readonly #judging: Judging;
  readonly #answering: Answering;
  readonly #entrance: Entrance;
  readonly #files: Files;
  readonly #talking: Talking;

  constructor(ctx: DurableObjectState, env: ObjectPlatformBindings) {
    super(ctx, env);
    const platform = objectPlatformOf(env, ctx.id);
    this.#parts = assemble(ctx, platform, this);
    this.#writing = new Writing(ctx, platform, this.#parts);
    this.#lifetime = new Lifetime(this.#parts, this.#writing);
    this.#readings = new Readings(this.#parts);
    this.#judging = new Judging(this.#parts, this.#writing);
    this.#answering = new Answering(this.#parts, this.#writing);
    this.#entrance = new Entrance(ctx, this.#parts, this.#writing);
    this.#files = new Files(this.#parts, this.#writing);
    this.#talking = new Talking(this.#parts, this.#writing);
  }

  async begin(given: Parameters<ConversationApi["begin"]>[0]): Promise<Outcome<ConversationView>> {
    return this.#lifetime.begin(given);
  }

  async view(): Promise<Outcome<ConversationView>> {
    return this.#lifetime.view();
  }

  async describe(given: ConversationChange): Promise<Outcome<ConversationView>> {
    return this.#lifetime.describe(given);
  }

  async erase(): Promise<Outcome<{ erased: true }>> {
    return this.#lifetime.erase();
  }

  async archive(endedBefore: number): ReturnType<ConversationApi["archive"]> {
    return this.#parts.freezer.archive(z.number().parse(endedBefore));
  }

  async confirmCopy(revision: number, countedTo?: number): Promise<void> {
    this.#lifetime.confirmCopy(revision, countedTo);
  }

  async send(given: NewMessage): Promise<Outcome<SentMessage & Pick<Standing, "logged">>> {
    return this.#talking.send(given);
  }

  async standing(): Promise<Outcome<Standing>> {
    return this.#readings.standing();
  }

  async regenerate(messageId: string, given?: Persona): Promise<Outcome<TurnView>> {
    return this.#talking.regenerate(messageId, given);
  }

  async activate(leafId: string, ifLeaf?: string): Promise<Outcome<ConversationView>> {
    return this.#talking.activate(leafId, ifLeaf);
  }

  async stop(given?: StandingPersona): Promise<Outcome<ConversationView>> {
    return this.#talking.stop(given);
  }

  async edit(given: MessageEdit): Promise<Outcome<SentMessage>> {
    return this.#talking.edit(given);
  }

  async remove(given: MessageRemoval): Promise<Outcome<MessageView>> {
    return this.#talking.remove(given);
  }

  async releaseMessage(given: MessageRelease): Promise<Outcome<MessageView>> {
    return this.#talking.release(given);
  }

  async changeHolder(given: HolderRequest): Promise<Outcome<HolderChanged>> {
    return this.#lifetime.changeHolder(given);
  }

  async setStatus(given: StatusRequest): Promise<Outcome<ConversationView>> {
    return this.#lifetime.setStatus(given);
  }

  async receipt(given: SaidReceipt): Promise<Outcome<ReceiptView>> {
    return this.#talking.receipt(given);
  }

  async listMessages(given: MessageQuery): Promise<Outcome<MessagePage>> {
    return this.#readings.messages(given);
  }

  async rate(given: RatingRequest): Promise<Outcome<MessageView>> {
    return this.#judging.rate(given);
  }

  async rateEnding(given: Satisfaction): Promise<Outcome<ConversationView>> {
    return this.#judging.rateEnding(given);
  }

  async note(given: NewNote): Promise<Outcome<{ message: MessageView; created: boolean }>> {
    return this.#judging.note(given);
  }

  async listNotes(query: NoteQuery): Promise<Outcome<NotePage<MessageView>>> {
    return this.#readings.notes(query);
  }

  async listParticipants(limit: number): Promise<Outcome<ParticipantView[]>> {
    return this.#readings.participants(limit);
  }

  async hide(given: MessageHiding): Promise<Outcome<MessageView>> {
    return this.#judging.hide(given);
  }

  async getMessage(messageId: string): Promise<Outcome<MessageView>> {
    return this.#readings.message(messageId);
  }

  async addAttachment(...given: Parameters<AttachmentsApi["addAttachment"]>) {
    return this.#files.add(...given);
  }

  async attachmentStored(...given: Parameters<AttachmentsApi["attachmentStored"]>) {
    return this.#files.stored(...given);
  }

  async documentRead(...given: Parameters<AttachmentsApi["documentRead"]>) {
    return this.#files.read(...given);
  }

  async getAttachment(...given: Parameters<AttachmentsApi["getAttachment"]>) {
    return this.#files.get(...given);
  }

  async listTurns(limit: number): Promise<Outcome<TurnView[]>> {
    return this.#readings.turns(limit);
  }

  async readLog(since: number, limit: number): Promise<Outcome<{ entries: LogEntry[]; isGap: boolean }>> {
    return this.#readings.log(since, limit);
  }

  async contextOf(given: TurnKey): Promise<{ ok: true; context: TurnContext } | Stale> {
    return this.#readings.context(given);
  }

  async beginAttempt(given: TurnKey): Promise<{ ok: true; attempt: number } | Stale> {
    const key = turnKeySchema.parse(given);
    return this.#writing.turn(() => this.#parts.desk.beginAttempt(key));
  }

  async writeDelta(given: TurnDelta): Promise<{ ok: true; have: number } | Stale> {
    return this.#answering.write(given);
  }

  async closeTurn(closing: TurnClosing): Promise<{ ok: true } | Stale> {
    return this.#answering.closeTurn(closing);
  }

  async compact(): Promise<Outcome<{ compactionId: string | null }>> {
    return this.#answering.compact();
  }

  async compactionContext(id: string): ReturnType<ConversationApi["compactionContext"]> {
    return this.#answering.compactionContext(id);
  }

  async closeCompaction(
    given: Parameters<ConversationApi["closeCompaction"]>[0],
  ): Promise<{ ok: true } | Stale> {
    return this.#answering.closeCompaction(given);
  }

  async insightsContext(id: string): ReturnType<ConversationApi["insightsContext"]> {
    return this.#answering.insightsContext(id);
  }

  async closeInsights(given: Parameters<ConversationApi["closeInsights"]>[0]): Promise<{ ok: true } | Stale> {
    return this.#answering.closeInsights(given);
  }

  async titleContext(id: string): ReturnType<ConversationApi["titleContext"]> {
    return this.#answering.titleContext(id);
  }

  async closeTitle(given: Parameters<ConversationApi["closeTitle"]>[0]): Promise<{ ok: true } | Stale> {
    return this.#answering.closeTitle(given);
  }

  async noteTools(given: TurnTools): Promise<{ ok: true } | Stale> {
    return this.#answering.noteTools(given);
  }

  async handOver(handover: TurnHandover): Promise<{ ok: true } | Stale> {
    return this.#writing.turn((now) => this.#parts.tools.handOver(handover, now));
  }

  async runEnded(given: Parameters<ConversationApi["runEnded"]>[0]): Promise<void> {
    this.#writing.change((now) => success(this.#parts.desk.runEnded(turnRunEndedSchema.parse(given), now)));
  }

  /** Opens a socket for somebody who hears the conversation: 101; 404; 429 where there is no place. */
  override async fetch(request: Request): Promise<Response> {
    return this.#entrance.open(request);
  }

  async endListeners(given: ListenersEnded): Promise<void> {
    this.#parts.live.endListeners(listenersEndedSchema.parse(given));
  }

  override async webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): Promise<void> {
    await this.#parts.sockets.hear(socket, message);
  }

  override async webSocketClose(socket: WebSocket): Promise<void> {
    this.#parts.live.gone(socket);
    socket.close();
  }

  override async webSocketError(socket: WebSocket): Promise<void> {
    this.#parts.live.gone(socket);
  }

  override async alarm(): Promise<void> {
    const { state, live, clock } = this.#parts;
    live.endExpired(clock.now());
    if (state.hasBegun) await this.#writing.deliver();
  }
}
