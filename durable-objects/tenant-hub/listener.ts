import type { Place, PlatformEvent } from "#src/events/index.ts";
import type { HubAddress } from "#src/objects/events-api.ts";
import {
  type Caller,
  callerSchema,
  closeCodes,
  connectionFrame,
  connectionSchema,
  maySee,
  questionFrame,
  type Signs,
  type StartedWorkflow,
  type Subscriptions,
  subscriptionsOf,
} from "#src/realtime/index.ts";
import { type Frame, frameOf } from "./frame.ts";
import { Outbox } from "./outbox.ts";
import { Receipts } from "./receipts.ts";

/** What a listener has its hub do later. */
export interface Upkeep {
  /** The socket is about to end, or has. */
  ended(listener: Listener, code: number): void;
  /** Has `write` called within a second: hibernation, which leaves only what is written, takes ten. */
  writeSoon(listener: Listener): void;
  /** Has `flush` called within the time that a batch gathers. */
  flushSoon(listener: Listener): void;
}

/**
 * An open socket with its connection, which lies in its attachment: that is all
 * that is left of it when the hub hibernates. One per socket and instance of the hub.
 */
export class Listener {
  readonly socket: WebSocket;
  readonly caller: Caller;
  /** Whether it is the gateway's own: what it says is not weighed. */
  readonly isStream: boolean;
  readonly #upkeep: Upkeep;
  readonly #isBatched: boolean;
  readonly #outbox: Outbox;
  #subscriptions: Subscriptions;
  #seenSeq: number;
  #epoch: string | undefined;
  #isBehind: boolean;
  readonly #receipts: Receipts;
  #rooms: readonly string[];
  #workflows: readonly StartedWorkflow[];
  #at: HubAddress | undefined;
  /** Whether the attachment says what is here. */
  #isWritten = true;
  /** When it was last heard, signs of life aside, and when it was asked for one; in epoch milliseconds. */
  #heardAt: number;
  #askedAt: number;
  /** Whether it is being caught up from the log, and whether something was published meanwhile. */
  replay: { missed: boolean } | undefined;

  /** @throws when the attachment cannot be read */
  constructor(socket: WebSocket, upkeep: Upkeep) {
    const connection = connectionSchema.parse(socket.deserializeAttachment());
    this.socket = socket;
    this.#upkeep = upkeep;
    this.caller = callerSchema.parse(connection);
    this.#subscriptions = subscriptionsOf(connection);
    this.#seenSeq = connection.seenSeq;
    this.#epoch = connection.epoch;
    this.#isBehind = connection.isBehind;
    this.#isBatched = connection.isBatched;
    this.isStream = connection.isStream;
    this.#receipts = new Receipts(connection.outflow);
    this.#rooms = connection.rooms;
    this.#workflows = connection.workflows;
    this.#at = connection.at;
    this.#heardAt = connection.heardAt;
    this.#askedAt = connection.askedAt;
    this.#outbox = new Outbox(socket, this.#isBatched, () => upkeep.flushSoon(this));
  }

  get isOpen(): boolean {
    return this.socket.readyState === WebSocket.OPEN;
  }

  get subscriptions(): Subscriptions {
    return this.#subscriptions;
  }

  /** Events up to this number have been shown, or are not for this connection. */
  get seenSeq(): number {
    return this.#seenSeq;
  }

  get isSubscribed(): boolean {
    return this.#subscriptions.all.length > 0;
  }

  /** Whether there are events in the log that it still has to be shown. */
  get isBehind(): boolean {
    return this.#isBehind;
  }

  /** The rooms that it is in. */
  get rooms(): readonly string[] {
    return this.#rooms;
  }

  beIn(rooms: readonly string[]): void {
    this.#rooms = rooms;
    this.write();
  }

  /** The workflows that it has started and follows. */
  get workflows(): readonly StartedWorkflow[] {
    return this.#workflows;
  }

  follow(workflows: readonly StartedWorkflow[]): void {
    this.#workflows = workflows;
    this.write();
  }

  /** Which of the tenant's hubs it is opened at. */
  get at(): HubAddress | undefined {
    return this.#at;
  }

  beAt(at: HubAddress): void {
    this.#at = at;
    this.write();
  }

  /** It has said something. */
  heard(now: number): void {
    this.#heardAt = now;
    // An answer is kept beyond hibernation: without it the one who has answered would be taken to be gone.
    if (this.#askedAt > 0) this.#writeSoon();
  }

  /** @param signAt when it last gave a sign of life; null for never */
  signs(signAt: number | null): Signs {
    const heardAt = Math.max(this.#heardAt, signAt ?? 0);
    return { givesSigns: signAt !== null, heardAt, askedAt: this.#askedAt };
  }

  /** Asks whether it is there. */
  askForSign(now: number): void {
    this.#askedAt = now;
    this.#outbox.put(frameOf(questionFrame(this.#receipts.openQuestion(), now)));
    this.#writeSoon();
  }

  /** That number, and which log it is of. */
  get place(): Place {
    return { epoch: this.#epoch, seq: this.#seenSeq };
  }

  /** Begins after an event of a log. */
  startAfter({ epoch, seq }: Place): void {
    this.#seenSeq = seq;
    this.#epoch = epoch;
    this.write();
  }

  /** @param isBehind whether there may be events in the log that it has not been shown; left out, that stays as it is */
  subscribe(subscriptions: Subscriptions, isBehind = this.#isBehind): void {
    this.#subscriptions = subscriptions;
    this.#isBehind = isBehind;
    this.write();
  }

  /** Whether an event is for this connection: subscribed, and allowed. */
  wants(event: Pick<PlatformEvent, "event" | "entity_id" | "owner_user_id">): boolean {
    return this.isOpen && this.#subscriptions.fits(event) && maySee(this.caller, event);
  }

  /** Sends; a client that has not taken what went before is closed instead. */
  send(text: string): void {
    this.sendFrame(frameOf(text));
  }

  sendFrame(frame: Frame): void {
    if (!this.trySend(frame)) this.end(closeCodes.tooSlow, "What was sent is not acknowledged");
  }

  /** Sends when the client has taken enough of what went before; one that does not take it is closed. */
  async sendInTurn(text: string): Promise<void> {
    const frame = frameOf(text);
    while (!this.trySend(frame)) await this.acknowledged();
  }

  /**
   * Shows an event that has just been published, if it is wanted.
   * @returns false when it has to come from the log: there is no room, or others before it are missing
   */
  offer(event: PlatformEvent, frame: () => Frame): boolean {
    // Without a subscription nothing has been shown: a later one still gets it.
    if (event.seq <= this.#seenSeq || !this.isSubscribed) return true;
    if (this.replay) {
      this.replay.missed = true;
      return true;
    }
    if (!this.#isBehind && this.#show(event, frame)) return true;
    this.#isBehind = true;
    this.write();
    return false;
  }

  /**
   * Shows events of the log, in order, as far as they are wanted.
   * @returns whether there was room for all
   */
  catchUpWith(events: readonly { event: PlatformEvent; frame: () => Frame }[]): boolean {
    return events.every(({ event, frame }) => event.seq <= this.#seenSeq || this.#show(event, frame));
  }

  /** Nothing of the log is missing any more. */
  caughtUp(): void {
    this.#isBehind = false;
    this.#writeSoon();
  }

  /** Sends if there is room, with a question behind it when one is due. One on its way out is sent nothing. */
  trySend(frame: Frame): boolean {
    if (!this.isOpen) return true;
    const cost = this.#outbox.costOf(frame);
    if (!this.#receipts.hasRoom(cost)) return false;
    this.#outbox.put(frame);
    if (this.#receipts.sent(cost)) this.#ask();
    this.#writeSoon();
    return true;
  }

  /** Takes a client's answer; false when nobody asked. */
  acknowledge(id: string): boolean {
    const isAnswer = this.#receipts.answer(id);
    if (isAnswer) this.#writeSoon();
    return isAnswer;
  }

  /** Resolves when the client has taken more of what it was sent; one that does not in time is closed. */
  async acknowledged(): Promise<void> {
    if (!(await this.#receipts.more())) this.end(closeCodes.tooSlow, "What was sent is not acknowledged");
  }

  /** Sends what has gathered for a batch. */
  flush(): void {
    this.#outbox.flush();
  }

  /** Writes the connection down as it is. What it says has been sent is sent first. */
  write(): void {
    this.#isWritten = true;
    this.flush();
    this.socket.serializeAttachment({
      ...this.caller,
      seenSeq: this.#seenSeq,
      epoch: this.#epoch,
      isBehind: this.#isBehind,
      patterns: this.#subscriptions.of(null),
      watched: this.#subscriptions.watched,
      isBatched: this.#isBatched,
      isStream: this.isStream,
      outflow: this.#receipts.outflow,
      rooms: this.#rooms,
      workflows: this.#workflows,
      at: this.#at,
      heardAt: this.#heardAt,
      askedAt: this.#askedAt,
    });
  }

  /** Closes the socket, and says so before: also to who has not taken what went before. */
  end(code: number, reason: string): void {
    if (this.isOpen)
      this.#outbox.put(
        frameOf(connectionFrame({ event: "connection.closed", data: { code, reason } }, Date.now())),
      );
    this.flush();
    if (this.isOpen) this.socket.close(code, reason);
    this.#upkeep.ended(this, code);
    this.#receipts.wake();
  }

  #show(event: PlatformEvent, frame: () => Frame): boolean {
    if (this.wants(event) && !this.trySend(frame())) return false;
    this.#seenSeq = event.seq;
    return true;
  }

  #writeSoon(): void {
    if (this.#isWritten) this.#upkeep.writeSoon(this);
    this.#isWritten = false;
  }

  #ask(): void {
    this.#outbox.put(frameOf(questionFrame(this.#receipts.question(), Date.now())));
  }
}
