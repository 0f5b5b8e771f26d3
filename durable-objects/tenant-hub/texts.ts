import type { TextFrame } from "#client/read-text.ts";
import type { PlatformEvent } from "#src/events/index.ts";
import {
  maxTexts,
  type PublishedText,
  publishedTextSchema,
  type TextAnswer,
  type TextSubject,
  textSubjectSchema,
} from "#src/objects/texts-api.ts";
import { TextBoard, taskEndedBy, textAudience, textFrame, textsEndedBy } from "#src/realtime/index.ts";
import { type Frame, frameOf } from "./frame.ts";
import { UnwatchedTexts } from "./unwatched-texts.ts";

/** Tasks that are over and kept in mind: what of their texts was on its way comes within seconds. */
const maxOver = 1000;

/** An open socket, as far as texts are concerned. */
export interface TextListener {
  /** Whether it is still shown what it has missed of the log: texts come after that. */
  readonly isBehind: boolean;
  wants(told: ReturnType<typeof textAudience>): boolean;
  /** False when there is no room. */
  trySend(frame: Frame): boolean;
}

/** Texts as they are being written: what the hub has of those that somebody watches (docs/realtime.md#text). */
export class Texts<Listener extends TextListener> {
  readonly #concernedBy: (ownerUserId: string) => Iterable<Listener>;
  readonly #board = new TextBoard<Listener>();
  readonly #unwatched = new UnwatchedTexts();
  /** Tasks that are over: a piece that comes after is shown to nobody. */
  readonly #over = new Set<string>();
  /** What is told to several is made once. */
  readonly #made = new WeakMap<readonly TextFrame[], Frame[]>();

  /** @param concernedBy the open sockets that may be meant by what is a user's */
  constructor(concernedBy: (ownerUserId: string) => Iterable<Listener>) {
    this.#concernedBy = concernedBy;
  }

  publish(pieces: readonly PublishedText[], now: number): TextAnswer[] {
    this.#board.dropIdle(now);
    return publishedTextSchema
      .array()
      .max(maxTexts)
      .parse(pieces)
      .map((piece) => this.#take(piece, now));
  }

  async untilWatched(subjects: readonly TextSubject[], timeoutMs: number): Promise<boolean[]> {
    const asked = textSubjectSchema.array().max(maxTexts).parse(subjects);
    return this.#unwatched.wait(asked, timeoutMs, (subject) => this.#isWatched(subject));
  }

  /** A listener has begun to watch, has been caught up, or has room again: it is shown what it has missed. */
  arrived(listener: Listener): void {
    if (listener.isBehind) return;
    const reads = (subject: TextSubject) => listener.wants(textAudience(subject));
    this.#board.catchUp(listener, reads, this.#show);
    this.#unwatched.look((subject) => reads(subject) && this.#board.admits(subject.taskId));
  }

  /** Shows a listener anew what there is, of one run or of all. */
  sync(listener: Listener, runId: string | undefined): void {
    this.#board.unsee(listener, (subject) => runId === undefined || subject.runId === runId);
    this.arrived(listener);
  }

  /** What the texts come to that end with an event is in it, or in the run. */
  passed(event: PlatformEvent): void {
    const ended = textsEndedBy(event);
    if (ended) this.#board.dropAll(ended);
    const task = taskEndedBy(event);
    if (task !== undefined) this.#over.add(task);
    const [oldest] = this.#over;
    if (this.#over.size > maxOver && oldest !== undefined) this.#over.delete(oldest);
  }

  #take(piece: PublishedText, now: number): TextAnswer {
    const readers = this.#over.has(piece.taskId) ? [] : this.#readersOf(piece);
    if (readers.length === 0) this.#board.drop(piece.taskId);
    if (readers.length === 0 || !this.#board.admits(piece.taskId)) return { watched: false, have: 0 };
    const ready = readers.filter(({ isBehind }) => !isBehind);
    return { watched: true, have: this.#board.take(piece, ready, this.#show, now) };
  }

  #isWatched(subject: TextSubject): boolean {
    return this.#board.admits(subject.taskId) && this.#readersOf(subject).length > 0;
  }

  #readersOf(subject: TextSubject): Listener[] {
    const told = textAudience(subject);
    return [...this.#concernedBy(subject.ownerUserId)].filter((listener) => listener.wants(told));
  }

  readonly #show = (listener: Listener, subject: TextSubject, frames: readonly TextFrame[]): boolean => {
    const made =
      this.#made.get(frames) ?? frames.map((frame) => frameOf(textFrame(subject, frame, Date.now())));
    this.#made.set(frames, made);
    return made.every((frame) => listener.trySend(frame));
  };
}
