import type { PlatformEvent } from "#src/events/index.ts";
import { type Caller, type Followed, maySee, viewKeyOf, wantsEvent } from "#src/realtime/index.ts";
import type { Frame } from "./frame.ts";
import type { TextListener } from "./texts.ts";

type Heard = Pick<PlatformEvent, "event" | "entity_id" | "owner_user_id"> &
  Partial<Pick<PlatformEvent, "data">>;

/** Somebody who is told of texts; false when there is no room. */
type ShowText = (following: Following, frame: Frame) => boolean;

/** An operation on a socket; one that is a subscription follows the tenant's log. */
export interface Operation {
  readonly id: string;
  following?: Following;
}

/** How far a subscription has been told what happens. */
export class Following implements TextListener {
  readonly id: string;
  readonly caller: Caller;
  /** Subscriptions with the same key are told the same. */
  readonly key: string;
  readonly #showText: ShowText;
  readonly #followed: Followed;
  /** Up to here it has been told, or is about to be. */
  #offered: number;
  /** Results that are on their way. */
  #waiting = 0;
  /** Whether it is being caught up from the log, and whether something happened meanwhile. */
  replay: { missed: boolean } | undefined;

  constructor(id: string, caller: Caller, followed: Followed, showText: ShowText) {
    this.id = id;
    this.caller = caller;
    this.#followed = { ...followed };
    this.#offered = followed.seq;
    this.#showText = showText;
    this.key = viewKeyOf(caller, followed);
  }

  /** As it is kept while the socket hibernates: what is on its way counts as not told. */
  get kept(): Followed {
    const isBehind = this.#followed.isBehind || this.#waiting > 0;
    return { ...this.#followed, isBehind };
  }

  /** Whether something that has happened is for it: wanted, and allowed. */
  wants({ data = {}, ...told }: Heard): boolean {
    return wantsEvent(this.#followed.wants, { ...told, data }) && maySee(this.caller, told);
  }

  get isBehind(): boolean {
    return this.#followed.isBehind;
  }

  get followed(): Readonly<Followed> {
    return this.#followed;
  }

  /** Whether an event is new to it. */
  isNew({ seq }: Pick<PlatformEvent, "seq">): boolean {
    return seq > this.#offered;
  }

  /** Whether it is a run's, and its texts are told. */
  get readsTexts(): boolean {
    return this.#followed.wants.run === "going";
  }

  trySend(frame: Frame): boolean {
    return this.#showText(this, frame);
  }

  /** There may be events in the log that it has not been told. */
  fallBehind(): void {
    this.#followed.isBehind = true;
    if (this.replay) this.replay.missed = true;
  }

  caughtUp(): void {
    this.#followed.isBehind = false;
  }

  /** A result is on its way, of an event with this number, or, with null, of a text. */
  begin(seq: number | null): void {
    this.#waiting++;
    if (seq !== null) this.#offered = Math.max(this.#offered, seq);
  }

  /** It has been told, or could not be. */
  end(seq: number | null): void {
    this.#waiting--;
    this.#toldUpTo(seq ?? this.#followed.seq);
  }

  /** An event is not for it. */
  pass(seq: number): void {
    this.#offered = Math.max(this.#offered, seq);
    this.#toldUpTo(this.#followed.seq);
  }

  /** Goes on after another place than the one where it was. */
  goOnAfter(seq: number, epoch: string | undefined): void {
    this.#followed.seq = seq;
    this.#followed.epoch = epoch;
    this.#offered = seq;
  }

  #toldUpTo(seq: number): void {
    this.#followed.seq = this.#waiting === 0 ? this.#offered : Math.max(this.#followed.seq, seq);
  }
}
