import {
  type Caller,
  type Followed,
  type GraphqlConnection,
  type GraphqlEnd,
  graphqlAttachment,
  graphqlConnectionIn,
  graphqlEnds,
  initWithinMs,
  maxGraphqlOperations,
  type Signs,
} from "#src/realtime/index.ts";
import { type Frame, frameOf } from "./frame.ts";
import { Following, type Operation } from "./graphql-following.ts";
import { Receipts } from "./receipts.ts";

/** What a socket has its hub do. */
export interface GraphqlUpkeep {
  ended(socket: GraphqlSocket, code: number): void;
  /** Has `write` called within a second: hibernation, which leaves only what is written, takes ten. */
  writeSoon(socket: GraphqlSocket): void;
  /** Has a text told; false when there is no room. */
  tellText(socket: GraphqlSocket, following: Following, frame: Frame): boolean;
}

/**
 * An open socket that speaks GraphQL's protocol, with its operations, which lie in its attachment: that is all that is
 * left of it when the hub hibernates. One per socket and instance of the hub.
 */
export class GraphqlSocket {
  readonly socket: WebSocket;
  readonly caller: Caller;
  readonly isStream = false;
  readonly #upkeep: GraphqlUpkeep;
  readonly #receipts: Receipts;
  readonly #operations = new Map<string, Operation>();
  readonly #openedAt: number;
  #hasBegun: boolean;
  #isAcknowledged: boolean;
  #heardAt: number;
  #askedAt: number;
  #isWritten = true;
  /** What is told one after another, and how much of it is still to be told. */
  #turn: Promise<void> = Promise.resolve();
  #waiting = 0;

  /** @throws when the attachment cannot be read */
  constructor(socket: WebSocket, upkeep: GraphqlUpkeep) {
    const connection = graphqlConnectionIn(socket.deserializeAttachment());
    this.socket = socket;
    this.caller = connection.caller;
    this.#upkeep = upkeep;
    this.#receipts = new Receipts(connection.outflow);
    this.#openedAt = connection.openedAt;
    this.#isAcknowledged = connection.isAcknowledged;
    this.#hasBegun = connection.isAcknowledged;
    this.#heardAt = connection.heardAt;
    this.#askedAt = connection.askedAt;
    for (const { id, followed } of connection.operations) {
      const following = followed && this.#following(id, followed);
      this.#operations.set(id, following ? { id, following } : { id });
    }
  }

  get isOpen(): boolean {
    return this.socket.readyState === WebSocket.OPEN;
  }

  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  get isAcknowledged(): boolean {
    return this.#isAcknowledged;
  }

  /** When it is closed unless its client has begun; never where it has. */
  get beginsBy(): number {
    return this.#hasBegun ? Number.POSITIVE_INFINITY : this.#openedAt + initWithinMs;
  }

  /** How much is still to be told. */
  get waiting(): number {
    return this.#waiting;
  }

  get operations(): Iterable<Operation> {
    return this.#operations.values();
  }

  has(id: string): boolean {
    return this.#operations.has(id);
  }

  /** Whether an operation is still under way. */
  isCurrent(operation: Operation): boolean {
    return this.isOpen && this.#operations.get(operation.id) === operation;
  }

  /** Its subscriptions. */
  *followings(): Generator<Following> {
    for (const { following } of this.#operations.values()) if (following) yield following;
  }

  /** The client has said that it begins. */
  begin(): void {
    this.#hasBegun = true;
  }

  acknowledge(payload: object): void {
    this.#isAcknowledged = true;
    this.say({ type: "connection_ack", payload });
    this.write();
  }

  /** Takes an operation up; undefined when there is no room for another. */
  open(id: string): Operation | undefined {
    if (this.#operations.size >= maxGraphqlOperations) return undefined;
    const operation = { id };
    this.#operations.set(id, operation);
    if (this.write()) return operation;
    this.#operations.delete(id);
    return undefined;
  }

  /** Has an operation follow the log; undefined when there is no room for that. */
  follow(operation: Operation, followed: Followed): Following | undefined {
    const following = this.#following(operation.id, followed);
    operation.following = following;
    if (this.write()) return following;
    operation.following = undefined;
    return undefined;
  }

  /** An operation is over. */
  drop(id: string): void {
    if (this.#operations.delete(id)) this.write();
  }

  /** Does something when all that was to be told before has been told. */
  async inTurn(work: () => Promise<void>): Promise<void> {
    this.#waiting++;
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined);
    try {
      await turn;
    } finally {
      this.#waiting--;
    }
  }

  /** Says something; a client that has not taken what went before is closed instead. */
  say(message: object): void {
    if (!this.#trySend(frameOf(JSON.stringify(message)))) this.close("tooSlow");
  }

  /** Tells a result when the client has taken enough of what went before; one that does not take it is closed. */
  async tell(id: string, payload: Frame): Promise<void> {
    const before = `{"id":${JSON.stringify(id)},"type":"next","payload":`;
    const frame = { text: `${before}${payload.text}}`, bytes: frameOf(before).bytes + payload.bytes + 1 };
    while (!this.#trySend(frame)) if (!(await this.#receipts.more())) this.close("tooSlow");
  }

  /** @returns whether anybody asked */
  taken(question: string | undefined): boolean {
    const id = question ?? this.#receipts.outflow.asked[0]?.id;
    const isAnswer = id !== undefined && this.#receipts.answer(id);
    if (isAnswer) this.writeSoon();
    return isAnswer;
  }

  /** It has said something. */
  heard(now: number): void {
    this.#heardAt = now;
    if (this.#askedAt > 0) this.writeSoon();
  }

  /** @param signAt when it last gave a sign of life; null for never */
  signs(signAt: number | null): Signs {
    const heardAt = Math.max(this.#heardAt, signAt ?? 0);
    return { givesSigns: signAt !== null, heardAt, askedAt: this.#askedAt };
  }

  /** Asks whether it is there. */
  askForSign(now: number): void {
    this.#askedAt = now;
    this.#ask(this.#receipts.openQuestion());
    this.writeSoon();
  }

  close(end: GraphqlEnd): void {
    const { code, reason } = graphqlEnds[end];
    this.end(code, reason);
  }

  end(code: number, reason: string): void {
    if (this.isOpen) this.socket.close(code, reason);
    this.#upkeep.ended(this, code);
    this.#receipts.wake();
  }

  writeSoon(): void {
    if (this.#isWritten) this.#upkeep.writeSoon(this);
    this.#isWritten = false;
  }

  /** Writes the connection down as it is; false when it is too large, and stays as it was written. */
  write(): boolean {
    const attachment = graphqlAttachment(this.#connection());
    if (!attachment) return false;
    this.#isWritten = true;
    this.socket.serializeAttachment(attachment);
    return true;
  }

  #connection(): GraphqlConnection {
    return {
      caller: this.caller,
      openedAt: this.#openedAt,
      heardAt: this.#heardAt,
      askedAt: this.#askedAt,
      isAcknowledged: this.#isAcknowledged,
      outflow: this.#receipts.outflow,
      operations: [...this.#operations.values()].map(({ id, following }) => ({
        id,
        followed: following?.kept,
      })),
    };
  }

  #following(id: string, followed: Followed): Following {
    return new Following(id, this.caller, followed, (following, frame) =>
      this.#upkeep.tellText(this, following, frame),
    );
  }

  #trySend(frame: Frame): boolean {
    if (!this.isOpen) return true;
    if (!this.#receipts.hasRoom(frame.bytes)) return false;
    this.socket.send(frame.text);
    if (this.#receipts.sent(frame.bytes)) this.#ask(this.#receipts.question());
    this.writeSoon();
    return true;
  }

  #ask(id: string): void {
    this.socket.send(JSON.stringify({ type: "ping", payload: { id } }));
  }
}
