import type { Clock } from "#src/kernel/clock.ts";
import type { DisabledReason } from "#src/kernel/webhook-words.ts";
import { type AttemptResult, afterAttempt, Pace } from "#src/webhook-delivery/index.ts";
import type { Deliveries, DueDelivery } from "./deliveries.ts";
import type { Outgoing } from "./post.ts";
import type { EndpointState } from "./state.ts";

/** Calls under way at once: an invocation has six connections. */
const atOnce = 5;
/** Messages that are read at once: a look for what is due costs as much as many of them. */
const readTogether = 100;
/** What has come of calls is written down together, when it is so many or no call is under way: a commit waits for the disk. */
const writtenTogether = 20;
/** The longest that a result waits to be written down while others are under way. */
const writtenWithinMs = 200;
/** After so long no further call begins; the alarm rings again at once. */
const maxRunMs = 30_000;

interface Parts {
  storage: Pick<DurableObjectStorage, "transactionSync">;
  state: EndpointState;
  deliveries: Deliveries;
  clock: Clock;
  random: () => number;
  post(outgoing: Outgoing): Promise<AttemptResult>;
}

interface Result {
  delivery: DueDelivery;
  result: AttemptResult;
}

/**
 * Delivers what is due, some calls at a time, until nothing is. A message waits in its row until what has come of it is
 * written down: a crash in between only sends it again.
 */
export class Courier {
  readonly #parts: Parts;
  readonly #pace = new Pace();
  readonly #underWay = new Map<number, Promise<void>>();
  #unwritten: Result[] = [];
  /** What is due and was read; of no use once what waited was given up. */
  #ahead: { due: DueDelivery[]; givenUp: number } = { due: [], givenUp: 0 };
  #lastWritten = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async run(): Promise<void> {
    const { clock, state } = this.#parts;
    const begun = clock.now();
    this.#lastWritten = begun;
    for (;;) {
      const wait = state.isOn && clock.now() - begun < maxRunMs ? this.#begin() : null;
      if (this.#underWay.size > 0) await Promise.race([...this.#underWay.values(), ...later(wait)]);
      else if (this.#unwritten.length === 0 && wait !== null) await Promise.race(later(wait));
      else if (this.#unwritten.length === 0) return;
      if (this.#isTimeToWrite()) this.#write();
    }
  }

  /**
   * Begins as many calls as may be under way.
   * @returns in how many milliseconds the pace lets another one begin, where it is what holds one back
   */
  #begin(): number | null {
    const { deliveries, state, clock } = this.#parts;
    const { settings } = state;
    if (!settings) return null;
    const { ordered, rateLimit, url } = settings;
    const now = clock.now();
    if (this.#ahead.givenUp !== deliveries.givenUp) this.#ahead = { due: [], givenUp: deliveries.givenUp };
    while (this.#underWay.size < atOnce) {
      if (this.#ahead.due.length === 0) this.#ahead.due = this.#read(now, ordered);
      const [delivery] = this.#ahead.due;
      if (!delivery) return null;
      const at = this.#pace.next(rateLimit, now);
      if (at > now) return at - now;
      this.#pace.begin(rateLimit, now);
      this.#ahead.due.shift();
      this.#underWay.set(delivery.number, this.#carry(delivery, url));
    }
    return null;
  }

  /** What is due, but for what is under way or was, and is not yet written down. */
  #read(now: number, ordered: boolean): DueDelivery[] {
    const held = new Set([
      ...this.#underWay.keys(),
      ...this.#unwritten.map(({ delivery }) => delivery.number),
    ]);
    const due = this.#parts.deliveries.due(now, { ordered, limit: held.size + readTogether });
    return due.filter(({ number }) => !held.has(number));
  }

  async #carry(delivery: DueDelivery, url: string): Promise<void> {
    const result = await this.#parts.post({ ...delivery, url });
    this.#unwritten.push({ delivery, result });
    this.#underWay.delete(delivery.number);
  }

  #isTimeToWrite(): boolean {
    const { length } = this.#unwritten;
    if (length === 0) return false;
    const isLate = this.#parts.clock.now() - this.#lastWritten >= writtenWithinMs;
    return this.#underWay.size === 0 || length >= writtenTogether || isLate;
  }

  #write(): void {
    const { storage, clock, deliveries, random } = this.#parts;
    const now = clock.now();
    const attempts = this.#unwritten.map(({ delivery, result }) => ({
      ...delivery,
      result,
      verdict: afterAttempt(result, delivery.failures, { now, random: random() }),
    }));
    storage.transactionSync(() => {
      deliveries.record(attempts, now);
      for (const { number, verdict } of attempts)
        if (verdict.kind === "failed") this.#giveUp({ number }, verdict, now);
    });
    this.#unwritten = [];
    this.#lastWritten = now;
  }

  /** What fails for good ends the endpoint where nothing is to be hoped for from it. */
  #giveUp(delivery: { number: number }, { isGone }: { isGone: boolean }, now: number): void {
    if (isGone) this.#disable("gone", now);
    else if (!this.#parts.deliveries.hasDeliveredSince(delivery)) this.#disable("failing", now);
  }

  #disable(reason: DisabledReason, now: number): void {
    const { state, deliveries } = this.#parts;
    if (!state.isOn) return;
    state.disable(reason, now);
    deliveries.giveUp(reason, now);
  }
}

/** Something that happens in a while; nothing where there is nothing to wait for. */
const later = (ms: number | null): Promise<void>[] =>
  ms === null ? [] : [new Promise((resolve) => setTimeout(resolve, ms))];
