import type { TextFrame } from "#client/read-text.ts";
import { type ReadText, readText } from "#client/read-text.ts";
import type { PublishedText, TextAnswer } from "#src/objects/texts-api.ts";
import { TextBoard } from "#src/realtime/text/text-board.ts";
import { TextWriter } from "#src/realtime/text/text-writer.ts";

const subject = { runId: "run", taskId: "task", step: "write", instanceId: null, ownerUserId: "user" };

/** A socket with what its reader has made of what came. */
interface Watcher {
  isOpen: boolean;
  hasRoom: boolean;
  read: ReadText | undefined;
}

interface Call {
  piece: PublishedText;
  writer: TextWriter;
}

/** A text that is written, a hub that forgets, sockets that come and go, calls that are lost, doubled and overtaken. */
export class TextWorld {
  #now = 1;
  #attempt = 1;
  #writer = new TextWriter(1, 1);
  #board = new TextBoard<Watcher>();
  readonly #late: Call[] = [];
  readonly watchers: Watcher[] = [];
  /** Calls that the hub was asked with. */
  calls = 0;
  /** What has been written so far, as it will be stored. */
  stored = "";

  write(text: string): void {
    this.#writer.add(text);
    this.stored += text;
  }

  /** The provider is asked again. */
  restart(): void {
    this.#writer.restart(++this.#now);
    this.stored = "";
  }

  /** Another consumer begins the task anew: with the next attempt, or as the same one, when the first has died. */
  begin(isNextAttempt: boolean): void {
    if (isNextAttempt) this.#attempt++;
    this.#writer = new TextWriter(this.#attempt, ++this.#now);
    this.stored = "";
  }

  connect(): void {
    this.watchers.push({ isOpen: true, hasRoom: true, read: undefined });
    this.#arrived(this.watchers.at(-1));
  }

  /** The same reader on a new socket: what it has read it keeps. */
  reconnect(index: number): void {
    const old = this.watchers[index % this.watchers.length];
    if (!old) return;
    this.watchers[index % this.watchers.length] = { ...old, isOpen: true, hasRoom: true };
    this.#arrived(this.watchers[index % this.watchers.length]);
  }

  leave(index: number): void {
    const watcher = this.watchers[index % this.watchers.length];
    if (watcher) watcher.isOpen = false;
  }

  setRoom(index: number, hasRoom: boolean): void {
    const watcher = this.watchers[index % this.watchers.length];
    if (!watcher) return;
    watcher.hasRoom = hasRoom;
    if (hasRoom) this.#arrived(watcher);
  }

  /** Sockets stay open; all else is forgotten. */
  evict(): void {
    this.#board = new TextBoard();
  }

  /** A call, and what becomes of it. */
  send(fate: "arrives" | "lost" | "answer lost" | "doubled" | "late"): void {
    const piece = this.#writer.next();
    if (!piece) return;
    const call = { piece: { ...subject, ...piece }, writer: this.#writer };
    if (fate === "lost") return;
    if (fate === "late") {
      this.#late.push(call);
      return;
    }
    const answer = this.#publish(call.piece);
    if (fate === "doubled") this.#publish(call.piece);
    if (fate !== "answer lost") this.#writer.answered(piece, answer);
  }

  /** A call arrives that others have overtaken; nobody waits for its answer any more. */
  arriveLate(): void {
    const call = this.#late.shift();
    if (call) this.#publish(call.piece);
  }

  /** The text is all there, and whoever watches reads on. */
  end(): void {
    while (this.#late.length > 0) this.arriveLate();
    for (const index of this.watchers.keys()) this.setRoom(index, true);
    this.#writer.end();
    if (this.#writer.isUnwatched && this.#readers().length > 0) this.#writer.watched();
    for (let round = 0; !this.#writer.isSettled; round++) {
      if (round > 10) throw new Error("The text never settles");
      this.send("arrives");
    }
  }

  #publish(piece: PublishedText): TextAnswer {
    this.calls++;
    const readers = this.#readers();
    if (readers.length > 0) return { watched: true, have: this.#board.take(piece, readers, this.#show, 0) };
    this.#board.drop(piece.taskId);
    return { watched: false, have: 0 };
  }

  #readers = (): Watcher[] => this.watchers.filter(({ isOpen }) => isOpen);

  #arrived(watcher: Watcher | undefined): void {
    if (!watcher) return;
    this.#board.catchUp(watcher, () => true, this.#show);
    if (this.#writer.isUnwatched) this.#writer.watched();
  }

  readonly #show = (watcher: Watcher, _: object, frames: readonly TextFrame[]): boolean => {
    if (!watcher.hasRoom) return false;
    for (const frame of frames) {
      const { read, asks } = readText(watcher.read, frame);
      if (asks) throw new Error("A socket that is told everything has nothing to ask");
      watcher.read = read;
    }
    return true;
  };
}
