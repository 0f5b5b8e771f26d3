import { type Refusal, refusal } from "#src/kernel/outcome.ts";

/** Messages that the owner of a conversation may write, by what they are and the length of time in milliseconds. */
const limits = {
  user: [
    { ms: 60_000, messages: 20 },
    { ms: 3_600_000, messages: 300 },
  ],
  visitor: [
    { ms: 60_000, messages: 10 },
    { ms: 3_600_000, messages: 100 },
  ],
} as const;

const longest = 3_600_000;

/**
 * How fast people write in a conversation. It is counted while the object is awake: whoever has been quiet for so long
 * that it was evicted has not been writing fast.
 */
export class Pace {
  readonly #times = new Map<string, number[]>();
  readonly #kind: () => keyof typeof limits;

  /** @param kind what the owner is, who writes */
  constructor(kind: () => keyof typeof limits = () => "user") {
    this.#kind = kind;
  }

  /** In how many milliseconds somebody may write again; 0 for now. */
  waitOf(personId: string, now: number): number {
    const times = this.#of(personId, now);
    const waits = limits[this.#kind()].map(({ ms, messages }) => {
      const [oldest] = times.slice(-messages);
      return times.length >= messages && oldest !== undefined ? Math.max(0, oldest + ms - now) : 0;
    });
    return Math.max(...waits);
  }

  /** Says in how long somebody may write again; undefined where they may now. */
  refusalOf(personId: string, now: number): Refusal | undefined {
    const seconds = Math.ceil(this.waitOf(personId, now) / 1000);
    return seconds > 0
      ? refusal("RATE_LIMITED", `Write again in ${seconds} seconds`, { retry_after: seconds })
      : undefined;
  }

  note(personId: string, now: number): void {
    this.#times.set(personId, [...this.#of(personId, now), now]);
  }

  #of(personId: string, now: number): number[] {
    // A clock that was put back frees or locks nobody.
    return (this.#times.get(personId) ?? []).filter((at) => at > now - longest && at <= now);
  }
}
