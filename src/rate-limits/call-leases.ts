import type { Clock } from "#src/kernel/clock.ts";
import { withPatience } from "#src/kernel/with-patience.ts";
import type { CallCountsApi, CallLimit, CallsAsked } from "#src/objects/call-counts-api.ts";
import {
  isInForce,
  type Lease,
  leaseOf,
  nothingHeld,
  reserveFor,
  type Standing,
  standingOf,
} from "./lease.ts";

/** Somebody whose calls are counted. */
export interface Counted {
  /** Names them at their gate. */
  key: string;
  limits: readonly CallLimit[];
  /** Finds the gate, when it has to be asked. */
  gate(): CallCountsApi | Promise<CallCountsApi>;
}

/** Whether a call may be done, and what is left behind it. */
export interface Taken {
  isAllowed: boolean;
  standing: Standing;
}

interface Held {
  lease: Lease;
  /** Calls that wait and are in no question yet. */
  wanted: number;
  /** Questions that have been asked. */
  questions: number;
  /** The question that is being answered. */
  asking: { answered: Promise<void>; since: number } | undefined;
  /** Until then the gate is not asked again, because it did not answer. */
  restsUntil: number;
  restsSince: number;
}

/** A gate that has not answered by then is treated as unreachable. */
const patienceMs = 2000;

/** For so long such a gate is not asked again. */
const restMs = 1000;

/** A question that has been open for so long nobody brings to an end any more. */
const abandonedMs = 15_000;

/** How often a call asks whose calls others take away that have come later: each time more are asked for. */
const maxRounds = 10;

/** Accounts and addresses that an isolate holds something of; the oldest goes, with what it has in reserve. */
const maxHeld = 10_000;

/**
 * What an isolate may let through without asking: for each account and address, calls that its gate has granted. Most
 * calls take one out of memory. Who finds none asks for all who wait, and in advance for as many as come in a second,
 * within the share that the gate lets all isolates have in reserve. So the gate counts exactly and is asked seldom.
 */
export class CallLeases {
  readonly #clock: Clock;
  readonly #held = new Map<string, Held>();
  /** Among all isolates; made when it is asked for, since an isolate has no randomness before it has something to do. */
  #name = "";
  #grants = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Counts a call by what is held, which is how most are: without waiting, which costs as much as all of it.
   * @param cost as how many it counts
   * @returns undefined where the gate has to be asked
   */
  takeHeld({ key, limits }: Counted, cost: number): Taken | undefined {
    const lease = this.#held.get(key)?.lease;
    const now = this.#clock.now();
    if (lease === undefined || !isInForce(lease, limits, now)) return undefined;
    const isAllowed = lease.left >= cost;
    if (!isAllowed && now >= lease.usedUpUntil) return undefined;
    if (isAllowed) {
      lease.left -= cost;
      lease.spent += cost;
    }
    return { isAllowed, standing: standingOf(lease, cost) };
  }

  /**
   * Counts a call, asking the gate where that is needed.
   * @param cost as how many it counts
   * @param waitUntil keeps the Worker alive until the gate has answered: others may wait for it too
   * @throws when the gate does not answer
   */
  async take(counted: Counted, cost: number, waitUntil: (work: Promise<unknown>) => void): Promise<Taken> {
    const held = this.#heldOf(counted.key);
    for (let round = 0; round < maxRounds; round++) {
      const taken = this.takeHeld(counted, cost);
      if (taken) return taken;
      const now = this.#clock.now();
      if (now < held.restsUntil && now >= held.restsSince)
        throw new Error("The gate has not answered lately");
      await this.#wait(held, cost, () => this.#answered(held, counted, now, waitUntil));
    }
    throw new Error("Others were faster each time");
  }

  #heldOf(key: string): Held {
    const known = this.#held.get(key);
    if (known) return known;
    const [oldest] = this.#held.keys();
    if (this.#held.size >= maxHeld && oldest !== undefined) this.#held.delete(oldest);
    const idle = { wanted: 0, questions: 0, asking: undefined, restsUntil: 0, restsSince: 0 };
    const held: Held = { lease: nothingHeld, ...idle };
    this.#held.set(key, held);
    return held;
  }

  /** Waits for an answer; the next question asks for who is in none when it has come. */
  async #wait(held: Held, cost: number, answered: () => Promise<void>): Promise<void> {
    held.wanted += cost;
    const { questions } = held;
    try {
      await withPatience(answered(), patienceMs);
    } finally {
      if (held.questions === questions) held.wanted -= cost;
    }
  }

  /** The answer to the question of those who wait: one is asked at a time, for all of them. */
  #answered(
    held: Held,
    counted: Counted,
    now: number,
    waitUntil: (work: Promise<unknown>) => void,
  ): Promise<void> {
    const { asking } = held;
    // Who asked may have been ended by the runtime, without a word.
    if (asking && now >= asking.since && now < asking.since + abandonedMs) return asking.answered;
    const answered = this.#ask(held, counted, now).finally(() => {
      if (held.asking?.answered === answered) held.asking = undefined;
    });
    held.asking = { answered, since: now };
    waitUntil(answered.catch(() => undefined));
    return answered;
  }

  async #ask(held: Held, { key, limits, gate }: Counted, now: number): Promise<void> {
    const { lease } = held;
    const reserve = isInForce(lease, limits, now) ? reserveFor(lease, now) : 0;
    const former = lease.grant === undefined ? undefined : { grant: lease.grant, unused: lease.left };
    // Given back with the question: nobody may use it meanwhile.
    held.lease = nothingHeld;
    try {
      await withPatience(this.#granted(held, { key, limits, reserve, former }, gate), patienceMs);
    } catch (error) {
      Object.assign(held, { restsSince: now, restsUntil: now + restMs });
      throw error;
    }
  }

  async #granted(
    held: Held,
    asked: Omit<CallsAsked, "wanted" | "grant">,
    gateOf: Counted["gate"],
  ): Promise<void> {
    const gate = await gateOf();
    // By now all have said so who wait since the last answer.
    const { wanted } = held;
    held.wanted = 0;
    held.questions += 1;
    const grant = this.#nextGrant();
    const answer = await gate.takeCalls({ ...asked, wanted, grant });
    held.lease = leaseOf({ limits: asked.limits, wanted, grant, answer }, this.#clock.now());
  }

  #nextGrant(): string {
    this.#name ||= crypto.randomUUID().split("-", 1).join();
    this.#grants += 1;
    return `${this.#name}-${this.#grants.toString(36)}`;
  }
}
