import type { Chance } from "./chance.ts";

/** What can go wrong, each with how likely it is whenever it could. */
export const faultKinds = {
  /** The tenant object's process dies in the middle of a call; the call has not happened. */
  objectCrash: 0.02,
  /** It dies after the call was stored, before the answer; a delivery dies between two of its steps. */
  answerLost: 0.02,
  /** A consumer dies. */
  consumerDeath: 0.03,
  /** A consumer stands still for longer than its lease, and then goes on. */
  consumerStall: 0.02,
  /** A queue delivers a message twice. */
  duplicate: 0.08,
  /** A queue forgets a message. */
  loss: 0.04,
  /** A queue takes its time. */
  delay: 0.1,
  /** A queue gives a message up at once. */
  deadLetter: 0.01,
  /** A queue or the hub takes nothing. */
  sendFailure: 0.02,
  /** The platform gives the alarm up, and says nothing; looked at every few seconds. */
  alarmGivenUp: 0.03,
  /** The clock jumps forward, or a little backward; looked at every few seconds. */
  clockJump: 0.06,
} as const;

export type FaultKind = keyof typeof faultKinds;

/** Decides when something goes wrong; nothing does after `end`. */
export class Faults {
  readonly #chance: Chance;
  readonly #intensity: Record<FaultKind, number>;
  readonly counts = new Map<FaultKind, number>();
  ceased = false;

  /** @param without kinds that never strike, to find out which ones a failure needs */
  constructor(chance: Chance, without: ReadonlySet<FaultKind>) {
    this.#chance = chance;
    const roughness = chance.pick([0, 0.5, 1, 1, 2, 4]);
    const of = (kind: FaultKind) => (without.has(kind) ? 0 : faultKinds[kind] * roughness);
    this.#intensity = {
      objectCrash: of("objectCrash"),
      answerLost: of("answerLost"),
      consumerDeath: of("consumerDeath"),
      consumerStall: of("consumerStall"),
      duplicate: of("duplicate"),
      loss: of("loss"),
      delay: of("delay"),
      deadLetter: of("deadLetter"),
      sendFailure: of("sendFailure"),
      alarmGivenUp: of("alarmGivenUp"),
      clockJump: of("clockJump"),
    };
  }

  strikes(kind: FaultKind): boolean {
    const strikes = this.#chance.happens(this.#intensity[kind]) && !this.ceased;
    if (strikes) this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
    return strikes;
  }
}
