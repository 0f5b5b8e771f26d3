import type { Command } from "#src/realtime/index.ts";

const windowMs = 10_000;
const maxCost = 100;

/** What a command costs; one that reads the log, or has texts sent anew, costs the tenant more than it costs the caller. */
const costOf = (event: Command["event"] | undefined): number =>
  event === "history" || event === "sync" ? 20 : 1;

/** Weighs a socket's commands; one that sends more than 100 of them within 10 s is flooding, and `history` and `sync` count for 20. */
export class Flood {
  readonly #spent = new WeakMap<object, { windowStart: number; cost: number }>();

  /**
   * @param sender whose socket it is
   * @param event the command, if it is one
   */
  admits(sender: object, event: Command["event"] | undefined, now: number): boolean {
    const known = this.#spent.get(sender);
    const current = known && now - known.windowStart < windowMs ? known : { windowStart: now, cost: 0 };
    current.cost += costOf(event);
    this.#spent.set(sender, current);
    return current.cost <= maxCost;
  }
}
