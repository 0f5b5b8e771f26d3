import { DurableObject } from "cloudflare:workers";
import { z } from "zod";
import { listeningSchema } from "#src/conversations/index.ts";
import { type Outcome, success } from "#src/kernel/outcome.ts";
import { type ObjectPlatformBindings, objectPlatformOf } from "#src/object-platform.ts";
import {
  type AttachmentReader,
  type AttachmentView,
  type NewAttachment,
  newAttachmentSchema,
} from "#src/objects/attachments-api.ts";
import { type CompactionClosing, compactionClosingSchema } from "#src/objects/compaction-contract.ts";
import {
  type ConversationApi,
  type ConversationChange,
  type ConversationView,
  conversationChangeSchema,
  type HolderChanged,
  type HolderRequest,
  holderRequestSchema,
  type LogEntry,
  type MessageEdit,
  type MessagePage,
  type MessageQuery,
  type MessageRemoval,
  type MessageView,
  messageEditSchema,
  messageRemovalSchema,
  type NewMessage,
  newConversationSchema,
  newMessageSchema,
  type Persona,
  personaSchema,
  type ReceiptView,
  receiptSchema,
  type SaidReceipt,
  type SentMessage,
  type StandingPersona,
  type StatusRequest,
  standingPersonaSchema,
  statusRequestSchema,
  type TurnView,
} from "#src/objects/conversation-api.ts";
import type {
  MessageHiding,
  NewNote,
  ParticipantView,
  RatingRequest,
  Satisfaction,
} from "#src/objects/conversation-staff-api.ts";
import {
  type Stale,
  type TurnClosing,
  type TurnContext,
  type TurnDelta,
  type TurnHandover,
  type TurnKey,
  type TurnRunEnded,
  type TurnTools,
  turnDeltaSchema,
  turnKeySchema,
  turnRunEndedSchema,
  turnToolsSchema,
} from "#src/objects/turn-contract.ts";
import { openingHeader } from "#src/realtime/index.ts";
import { assemble } from "./assemble.ts";
import { Judging } from "./judging.ts";
import { Readings } from "./readings.ts";
import { notFound, Writing } from "./writing.ts";

/**
 * A conversation: the one writer of its messages, their order and their turns. What a call changes is one transaction;
 * what is to be asked of others for it stands in the outbox, and is asked once that is written.
 */
export class Conversation extends DurableObject<ObjectPlatformBindings> implements ConversationApi {
  readonly #parts: ReturnType<typeof assemble>;
  readonly #writing: Writing;
  readonly #readings: Readings;
  readonly #judging: Judging;

  constructor(ctx: DurableObjectState, env: ObjectPlatformBindings) {
    super(ctx, env);
    const platform = objectPlatformOf(env, ctx.id);
    this.#parts = assemble(ctx, platform);
    this.#writing = new Writing(ctx, platform, this.#parts);
    this.#readings = new Readings(this.#parts);
    this.#judging = new Judging(this.#parts, this.#writing);
  }

  async begin(given: Parameters<ConversationApi["begin"]>[0]): Promise<Outcome<ConversationView>> {
    const conversation = newConversationSchema.parse(given);
    const { state, people, id, clientId } = this.#parts;
    if (!state.hasBegun) this.#writing.written((now) => people.begin({ id, clientId }, conversation, now));
    return this.view();
  }

  async view(): Promise<Outcome<ConversationView>> {
    return this.#parts.state.isThere ? success(this.#parts.state.view()) : notFound;
  }

  async describe(given: ConversationChange): Promise<Outcome<ConversationView>> {
    const change = conversationChangeSchema.parse(given);
    const { state, log } = this.#parts;
    return this.#writing.change((now) => {
      state.describe(change);
      log.append("conversation.updated", { ...change }, now);
      return success(state.view());
    });
  }

  async erase(): Promise<Outcome<{ erased: true }>> {
    return this.#writing.change((now) => {
      this.#parts.eraser.erase(now);
      return success({ erased: true } as const);
    });
  }

  async confirmCopy(revision: number): Promise<void> {
    const { state, outbox } = this.#parts;
    if (state.hasBegun && revision >= state.row.revision) outbox.remove("", "lists");
  }

  async send(given: NewMessage): Promise<Outcome<SentMessage>> {
    const message = newMessageSchema.parse(given);
    return this.#writing.change((now) => this.#parts.people.send(message, now));
  }

  async regenerate(messageId: string, given?: Persona): Promise<Outcome<TurnView>> {
    const persona = personaSchema.optional().parse(given);
    return this.#writing.change((now) => this.#parts.people.regenerate(messageId, persona, now));
  }

  async activate(leafId: string, ifLeaf?: string): Promise<Outcome<ConversationView>> {
    return this.#writing.change((now) => this.#parts.people.activate(leafId, ifLeaf, now));
  }

  async stop(given?: StandingPersona): Promise<Outcome<ConversationView>> {
    const persona = standingPersonaSchema.parse(given);
    return this.#writing.change((now) => {
      this.#parts.desk.stop("stopped", now);
      this.#parts.desk.goOn(now, persona);
      return success(this.#parts.state.view());
    });
  }

  async edit(given: MessageEdit): Promise<Outcome<SentMessage>> {
    const edit = messageEditSchema.parse(given);
    return this.#writing.change((now) => this.#parts.edits.edit(edit, now));
  }

  async remove(given: MessageRemoval): Promise<Outcome<MessageView>> {
    const removal = messageRemovalSchema.parse(given);
    return this.#writing.change((now) => this.#parts.edits.remove(removal, now));
  }

  async changeHolder(given: HolderRequest): Promise<Outcome<HolderChanged>> {
    const request = holderRequestSchema.parse(given);
    return this.#writing.change((now) => this.#parts.holder.change(request, now));
  }

  async setStatus(given: StatusRequest): Promise<Outcome<ConversationView>> {
    const request = statusRequestSchema.parse(given);
    return this.#writing.change((now) => this.#parts.holder.setStatus(request, now));
  }

  async receipt(given: SaidReceipt): Promise<Outcome<ReceiptView>> {
    const said = receiptSchema.parse(given);
    return this.#writing.change((now) => success(this.#parts.participants.receipt(said, now)));
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

  async listNotes(limit: number): Promise<Outcome<MessageView[]>> {
    return this.#readings.notes(limit);
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

  async addAttachment(
    given: NewAttachment,
  ): Promise<Outcome<{ attachment: AttachmentView; isStored: boolean }>> {
    const attachment = newAttachmentSchema.parse(given);
    return this.#writing.change((now) => this.#parts.enclosures.add(attachment, now));
  }

  async attachmentStored(attachmentId: string): Promise<Outcome<AttachmentView>> {
    return this.#writing.change(() => this.#parts.enclosures.stored(attachmentId));
  }

  async getAttachment(attachmentId: string, reader: AttachmentReader): Promise<Outcome<AttachmentView>> {
    return this.#parts.state.isThere ? this.#parts.enclosures.get(attachmentId, reader) : notFound;
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
    const delta = turnDeltaSchema.parse(given);
    return this.#writing.turn((now) => this.#parts.desk.write(delta, now));
  }

  async closeTurn(closing: TurnClosing): Promise<{ ok: true } | Stale> {
    const { desk, compaction, live } = this.#parts;
    const { turnId, epoch, attempt, text } = closing;
    // Whoever hears it has all of the text before they hear that it is there.
    if (live.hasListeners)
      this.#writing.turn((now) => desk.write({ turnId, epoch, attempt, offset: 0, text }, now));
    return this.#writing.turn((now) => compaction.closeTurn(closing, now));
  }

  async compact(): Promise<Outcome<{ compactionId: string | null }>> {
    return this.#writing.change((now) =>
      success({ compactionId: this.#parts.compaction.begin(now) ?? null }),
    );
  }

  async compactionContext(id: string): ReturnType<ConversationApi["compactionContext"]> {
    return this.#writing.turn(() => this.#parts.compaction.context(z.string().parse(id)));
  }

  async closeCompaction(given: CompactionClosing): Promise<{ ok: true } | Stale> {
    const closing = compactionClosingSchema.parse(given);
    return this.#writing.turn((now) => this.#parts.compaction.close(closing, now));
  }

  async noteTools(given: TurnTools): Promise<{ ok: true } | Stale> {
    const tools = turnToolsSchema.parse(given);
    return this.#writing.turn((now) => this.#parts.tools.note(tools, now));
  }

  async handOver(handover: TurnHandover): Promise<{ ok: true } | Stale> {
    return this.#writing.turn((now) => this.#parts.tools.handOver(handover, now));
  }

  async runEnded(given: TurnRunEnded): Promise<void> {
    const ended = turnRunEndedSchema.parse(given);
    this.#writing.change((now) => success(this.#parts.desk.runEnded(ended, now)));
  }

  /** Opens a socket of the gateway's for somebody who hears the conversation: 101; 404; 429 for too many. */
  override async fetch(request: Request): Promise<Response> {
    const listening = listeningSchema.parse(JSON.parse(request.headers.get(openingHeader) ?? "null"));
    if (!this.#parts.state.isThere) return new Response(null, { status: 404 });
    const webSocket = this.#parts.live.open(listening, this.#parts.clock.now());
    return webSocket ? new Response(null, { status: 101, webSocket }) : new Response(null, { status: 429 });
  }

  override async webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): Promise<void> {
    this.#parts.live.hear(socket, message, this.#parts.clock.now());
  }

  override async webSocketClose(socket: WebSocket): Promise<void> {
    socket.close();
  }

  override async alarm(): Promise<void> {
    if (this.#parts.state.hasBegun) await this.#writing.deliver();
  }
}
