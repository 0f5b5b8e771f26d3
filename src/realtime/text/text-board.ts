import type { TextFrame } from "#client/read-text.ts";
import type { PublishedText, TextSubject } from "#src/objects/texts-api.ts";
import { framesFor, type KeptText, type Shown, withPiece } from "./kept-text.ts";

/** What is written on nobody reads any more once it has been silent for so long. */
const idleMs = 60_000;

/** Texts of a tenant that are kept at a time, and UTF-16 units of all of them: 16 MB. */
const max = { texts: 5000, length: 8 * 1024 * 1024 };

interface Entry<Reader extends object> {
  subject: TextSubject;
  kept: KeptText;
  /** When it was last written on, in epoch milliseconds. */
  at: number;
  readers: Map<Reader, Shown>;
}

/** Shows a reader frames; false when it has no room, and could not be shown all of them. */
export type Show<Reader> = (reader: Reader, subject: TextSubject, frames: readonly TextFrame[]) => boolean;

/**
 * The texts that somebody reads while they are being written, and what each reader has been shown of them. All of it
 * lies in memory: who writes has the text, and what it comes to is in the run.
 */
export class TextBoard<Reader extends object> {
  readonly #entries = new Map<string, Entry<Reader>>();
  #length = 0;

  /** Whether a text may be watched: it is already, or there is room for another. */
  admits(taskId: string): boolean {
    return this.#entries.has(taskId) || (this.#entries.size < max.texts && this.#length < max.length);
  }

  /**
   * Takes a piece and shows its readers what is new to them.
   * @returns how much of its writing is there
   */
  take(piece: PublishedText, readers: Iterable<Reader>, show: Show<Reader>, now: number): number {
    const { attempt, round, offset, text, ...subject } = piece;
    const entry = this.#entries.get(subject.taskId);
    const { kept, have } = withPiece(entry?.kept, { attempt, round, offset, text });
    if (!kept) return have;
    this.#length += kept.text.length - (entry?.kept.text.length ?? 0);
    // Behind all others: the one that has been silent longest comes first.
    this.#entries.delete(subject.taskId);
    const renewed = { subject, kept, at: now, readers: entry?.readers ?? new Map<Reader, Shown>() };
    this.#entries.set(subject.taskId, renewed);
    const frames = new Map<number, readonly TextFrame[]>();
    for (const reader of readers) this.#show(renewed, reader, show, frames);
    return have;
  }

  /** Shows a reader what it has not been shown of the texts that it may read. */
  catchUp(reader: Reader, reads: (subject: TextSubject) => boolean, show: Show<Reader>): void {
    for (const entry of this.#entries.values()) if (reads(entry.subject)) this.#show(entry, reader, show);
  }

  /** Counts texts as not shown to a reader, who is then shown them anew. */
  unsee(reader: Reader, which: (subject: TextSubject) => boolean): void {
    for (const { subject, readers } of this.#entries.values()) if (which(subject)) readers.delete(reader);
  }

  /** Nobody reads a text any more. */
  drop(taskId: string): void {
    const entry = this.#entries.get(taskId);
    if (entry) this.#remove(taskId, entry);
  }

  /** Texts have ended. */
  dropAll(which: (subject: TextSubject) => boolean): void {
    for (const [id, entry] of this.#entries) if (which(entry.subject)) this.#remove(id, entry);
  }

  /** Drops what has been silent for a minute. */
  dropIdle(now: number): void {
    for (const [id, entry] of this.#entries) {
      if (now - entry.at <= idleMs) return;
      this.#remove(id, entry);
    }
  }

  /** @param made frames that are made already, for those who have been shown as much of this writing */
  #show(
    { subject, kept, readers }: Entry<Reader>,
    reader: Reader,
    show: Show<Reader>,
    made = new Map<number, readonly TextFrame[]>(),
  ): void {
    const shown = readers.get(reader);
    const key = shown?.attempt === kept.attempt && shown.round === kept.round ? shown.offset : -1;
    const frames = made.get(key) ?? framesFor(kept, shown);
    if (key >= 0) made.set(key, frames);
    // Whoever could not be shown all of it begins with a snapshot when there is room again.
    if (frames.length > 0 && !show(reader, subject, frames)) readers.delete(reader);
    else readers.set(reader, { attempt: kept.attempt, round: kept.round, offset: kept.text.length });
  }

  #remove(id: string, { kept }: Entry<Reader>): void {
    this.#entries.delete(id);
    this.#length -= kept.text.length;
  }
}
