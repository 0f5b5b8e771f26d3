import type { Command } from "#src/realtime/index.ts";

const windowMs = 10_000;
const maxCost = 100;

/** What commands cost that cost the tenant more than their caller; others cost 1. */
const costs: Partial<Record<Command["event"], number>> = { history: 20, room_message: 2, tenant_message: 2 };

/** Weighs a socket's commands: one whose commands cost more than 100 within 10 s is flooding. */
export class Flood {
  readonly #spent = new WeakMap<object, { windowStart: number; cost: number }>();

  /**
   * @param sender whose socket it is
   * @param event the command, if it is one
   */
  admits(sender: object, event: Command["event"] | undefined, now: number): boolean {
    const known = this.#spent.get(sender);
    const current = known && now - known.windowStart < windowMs ? known : { windowStart: now, cost: 0 };
    current.cost += (event && costs[event]) ?? 1;
    this.#spent.set(sender, current);
    return current.cost <= maxCost;
  }
}
