import { waitAtMost } from "#src/kernel/wait-at-most.ts";
import { withTimeout } from "#src/kernel/with-timeout.ts";
import {
  maxTexts,
  maxWatchWaitMs,
  type TextAnswer,
  type TextSubject,
  type TextsApi,
  textAnswerSchema,
} from "#src/objects/texts-api.ts";
import { errorFields, type Logger } from "#src/observability/logger.ts";
import { TextWriter } from "./text-writer.ts";

/** How long text is gathered for one call, in milliseconds. */
const gatherMs = 50;
/** A call that takes longer counts as lost. */
const callPatienceMs = 2000;
/** Whoever has finished a text waits no longer than this for its last piece to arrive. */
const lastPieceMs = 250;
/** While somebody watches and nothing is written, the hub is asked this often whether it still has the text. */
const doubtAfterMs = 5000;
/** Pauses before another call, when calls fail. */
const pauseMs = { first: 100, longest: 2000 };

interface Text {
  subject: TextSubject;
  writer: TextWriter;
}

/** A text that a courier brings while it is being written. */
export interface OpenText {
  add(text: string): void;
  /** The text begins anew. */
  restart(): void;
  /** Nothing more comes. Waits, for a moment at most, until who watches has it; never fails. */
  finish(): Promise<void>;
  /** Stops, finished or not. */
  close(): void;
}

/**
 * Brings texts to a hub while they are being written, those of several tasks with one call. A text that nobody
 * watches costs one call, and then waits until somebody does. Whatever becomes of it delays and fails nothing: all of
 * the text comes with the task's result.
 */
export class TextCourier {
  readonly #hub: () => TextsApi;
  readonly #logger: Logger;
  readonly #open = new Set<Text>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #dueAt = Number.POSITIVE_INFINITY;
  #underWay: Promise<void> | undefined;
  #pauseMs = 0;

  /** @param hub gives a fresh stub each time: one that has failed once stays broken */
  constructor(hub: () => TextsApi, logger: Logger) {
    this.#hub = hub;
    this.#logger = logger;
  }

  /** @param attempt which attempt of the task writes it */
  begin(subject: TextSubject, attempt: number): OpenText {
    const text = { subject, writer: new TextWriter(attempt, Date.now()) };
    this.#open.add(text);
    this.#sendIn(0);
    return {
      add: (piece) => {
        text.writer.add(piece);
        if (!text.writer.isUnwatched) this.#sendIn(gatherMs);
      },
      restart: () => text.writer.restart(Date.now()),
      finish: async () => {
        text.writer.end();
        await waitAtMost(this.#settle(text), lastPieceMs);
      },
      close: () => this.#close(text),
    };
  }

  #close(text: Text): void {
    this.#open.delete(text);
    if (this.#open.size === 0) this.#rest();
  }

  /** Sends until the hub has it all, or nobody waits for that any more: what is closed is never sent. */
  async #settle(text: Text): Promise<void> {
    const isOpen = () => this.#open.has(text) && !text.writer.isSettled;
    do {
      await this.#underWay;
      if (isOpen()) await this.#send();
    } while (isOpen() && this.#pauseMs === 0);
  }

  #rest(): void {
    clearTimeout(this.#timer);
    this.#dueAt = Number.POSITIVE_INFINITY;
  }

  /** Sends within so many milliseconds, or sooner if that is due anyway. */
  #sendIn(delayMs: number): void {
    const dueAt = Date.now() + Math.max(delayMs, this.#pauseMs);
    // What comes up meanwhile is looked at when the call is over.
    if (this.#underWay || dueAt >= this.#dueAt) return;
    clearTimeout(this.#timer);
    this.#dueAt = dueAt;
    this.#timer = setTimeout(() => void this.#send(), dueAt - Date.now());
  }

  #send(): Promise<void> {
    this.#rest();
    this.#underWay ??= this.#publish().finally(() => {
      this.#underWay = undefined;
      if (this.#open.size > 0) this.#sendIn(this.#hasMore() ? gatherMs : doubtAfterMs);
    });
    return this.#underWay;
  }

  #hasMore = (): boolean => [...this.#open].some(({ writer }) => writer.next() !== undefined);

  async #publish(): Promise<void> {
    const duePieces = [...this.#open].flatMap((text) => {
      const piece = text.writer.next();
      return piece ? [{ text, piece }] : [];
    });
    const now = duePieces.slice(0, maxTexts);
    if (now.length === 0) return this.#doubt();
    try {
      const pieces = now.map(({ text, piece }) => ({ ...text.subject, ...piece }));
      const answers = await withTimeout(this.#hub().publishText(pieces), callPatienceMs);
      const unwatched = now.flatMap(({ text, piece }, index) => {
        const answer: TextAnswer = textAnswerSchema.parse(answers[index]);
        text.writer.answered(piece, answer);
        return answer.watched ? [] : [text];
      });
      this.#pauseMs = 0;
      if (unwatched.length > 0) void this.#untilWatched(unwatched);
    } catch (error) {
      this.#pauseMs = longer(this.#pauseMs);
      this.#logger.warn("text not delivered; it is sent again", errorFields(error));
    }
  }

  /** The hub may have been evicted, and somebody else have begun to watch. */
  #doubt(): void {
    for (const { writer } of this.#open) writer.doubt();
  }

  /** Waits until texts are watched, as long as they are written. Nobody waits for it to end. */
  async #untilWatched(texts: readonly Text[]): Promise<void> {
    // Short at first: what is asked for goes on waiting at the hub when its text has ended.
    for (let pause = 0, patience = 2000; ; patience = Math.min(2 * patience, maxWatchWaitMs)) {
      const waiting = texts.filter((text) => this.#open.has(text) && text.writer.isUnwatched);
      if (waiting.length === 0) return;
      try {
        const subjects = waiting.map(({ subject }) => subject);
        const call = this.#hub().untilWatched(subjects, patience);
        const watched = await withTimeout(call, patience + callPatienceMs);
        pause = 0;
        const now = waiting.filter((_, index) => watched[index] === true);
        for (const { writer } of now) writer.watched();
        if (now.length > 0) this.#sendIn(0);
      } catch {
        // The hub has been evicted, or restarts: whoever watches then is asked for soon.
        pause = longer(pause);
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }
  }
}

/** A text that several couriers bring, each to its hub. */
export function openTexts(couriers: readonly TextCourier[], subject: TextSubject, attempt: number): OpenText {
  const texts = couriers.map((courier) => courier.begin(subject, attempt));
  return {
    add: (piece) => {
      for (const text of texts) text.add(piece);
    },
    restart: () => {
      for (const text of texts) text.restart();
    },
    finish: async () => {
      await Promise.all(texts.map((text) => text.finish()));
    },
    close: () => {
      for (const text of texts) text.close();
    },
  };
}

const longer = (pause: number): number => Math.min(Math.max(pauseMs.first, pause * 2), pauseMs.longest);
