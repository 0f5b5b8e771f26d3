const windowMs = 10_000;
const maxCost = 100;

/** Weighs a socket's commands: one whose commands cost more than 100 within 10 s is flooding. */
export class Flood {
  readonly #costs: Readonly<Partial<Record<string, number>>>;
  readonly #spent = new WeakMap<object, { windowStart: number; cost: number }>();

  /** @param costs of commands that cost more than 1, by their names */
  constructor(costs: Readonly<Partial<Record<string, number>>>) {
    this.#costs = costs;
  }

  /**
   * @param sender whose socket it is
   * @param event the command, if it is one
   */
  admits(sender: object, event: string | undefined, now: number): boolean {
    const known = this.#spent.get(sender);
    const current = known && now - known.windowStart < windowMs ? known : { windowStart: now, cost: 0 };
    current.cost += (event === undefined ? undefined : this.#costs[event]) ?? 1;
    this.#spent.set(sender, current);
    return current.cost <= maxCost;
  }
}
