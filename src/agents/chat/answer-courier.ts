import { withTimeout } from "#src/kernel/with-timeout.ts";
import {
  maxPieceLength,
  type Stale,
  type StaleCode,
  type TurnKey,
  type TurnsApi,
} from "#src/objects/turn-contract.ts";
import { errorFields, type Logger } from "#src/observability/logger.ts";
import { piecesFrom, wholeCharacters } from "#src/text/cut-text.ts";

/** How long text is gathered for one call, in milliseconds. */
const gatherMs = 40;
/** A call that takes longer counts as lost. */
const callPatienceMs = 5000;
/** Before a call that has failed is made again. */
const pauseMs = 500;

/**
 * Brings an answer to its conversation while it is being written. A piece that is lost is sent again from where the
 * conversation has the text; what never arrives comes with the end. When the conversation says that the turn is not to
 * be answered any more, the writing is broken off.
 */
export class AnswerCourier {
  readonly #conversation: () => Pick<TurnsApi, "beginAttempt" | "writeDelta">;
  readonly #key: TurnKey;
  readonly #logger: Logger;
  readonly #broken = new AbortController();
  /** What the rounds before this one have written. */
  readonly #before: string;
  #text: string;
  /** How much of it the conversation has. */
  #have = 0;
  #attempt: number | undefined;
  /** Which writing it is: a call under way for an earlier one says nothing of this one. */
  #writing = 0;
  #stale: StaleCode | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #underWay: Promise<void> | undefined;

  /**
   * @param conversation gives a fresh stub each time: one that has failed once stays broken
   * @param before what the rounds before this one have written, which the answer begins with
   */
  constructor(
    conversation: () => Pick<TurnsApi, "beginAttempt" | "writeDelta">,
    key: TurnKey,
    logger: Logger,
    before = "",
  ) {
    this.#before = before;
    this.#text = before;
    this.#conversation = conversation;
    this.#key = key;
    this.#logger = logger;
  }

  /** Aborted when the answer is not wanted any more. */
  get signal(): AbortSignal {
    return this.#broken.signal;
  }

  /** Why it is not wanted any more; undefined while it is. */
  get stale(): StaleCode | undefined {
    return this.#stale;
  }

  add(text: string): void {
    this.#text += text;
    this.#sendSoon(gatherMs);
  }

  /** The text begins anew: a provider is asked again. */
  restart(): void {
    if (this.#text === this.#before) return;
    this.#writing += 1;
    this.#text = this.#before;
    this.#have = 0;
    this.#attempt = undefined;
  }

  /** Nothing more is sent. @returns the attempt that the whole answer is of; undefined where the turn is over */
  async finish(): Promise<number | undefined> {
    this.close();
    await this.#underWay;
    return this.#attemptNow();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #sendSoon(delayMs: number): void {
    if (this.#timer !== undefined || this.#underWay || this.#stale) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#underWay = this.#send().then((pause) => {
        this.#underWay = undefined;
        if (this.#next() !== undefined) this.#sendSoon(pause);
      });
    }, delayMs);
  }

  #next(): { offset: number; text: string } | undefined {
    const [piece] = piecesFrom(wholeCharacters(this.#text), this.#have, maxPieceLength);
    return piece;
  }

  /** Sends what there is. @returns after how many milliseconds the rest is sent */
  async #send(): Promise<number> {
    const writing = this.#writing;
    try {
      const attempt = await this.#attemptNow();
      const piece = this.#next();
      if (attempt === undefined || !piece || writing !== this.#writing) return gatherMs;
      const call = this.#conversation().writeDelta({ ...this.#key, attempt, ...piece });
      const answer = await withTimeout(call, callPatienceMs);
      if (!answer.ok) this.#breakOff(answer);
      else if (writing === this.#writing) this.#have = answer.have;
      return gatherMs;
    } catch (error) {
      this.#logger.warn("text of an answer not delivered; it is sent again", errorFields(error));
      return pauseMs;
    }
  }

  async #attemptNow(): Promise<number | undefined> {
    if (this.#attempt !== undefined || this.#stale) return this.#stale ? undefined : this.#attempt;
    const writing = this.#writing;
    const answer = await withTimeout(this.#conversation().beginAttempt(this.#key), callPatienceMs);
    if (!answer.ok) return this.#breakOff(answer);
    if (writing === this.#writing) this.#attempt = answer.attempt;
    return this.#attempt;
  }

  #breakOff({ code }: Stale): undefined {
    this.#stale = code;
    this.close();
    this.#broken.abort();
  }
}
