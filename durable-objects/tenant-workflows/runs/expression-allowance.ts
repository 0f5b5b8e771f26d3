/** What a user's expressions may do before the next run has to wait, in looks: three of the heaviest steps there can be. */
const most = 45_000_000;
/** How much of it comes back in a millisecond: about a thirtieth of the object's time. */
const perMs = 2000;
/** Users kept in mind. */
const maxUsers = 1000;

/**
 * Who lets the object work much on expressions waits before the next run, whether the last ones came to anything or not:
 * a run that fails costs no fuel, and others wait while the object works. In memory: a restart forgives.
 */
export class ExpressionAllowance {
  readonly #users = new Map<string, { spent: number; at: number }>();

  /** Notes what expressions of a user's run have done. */
  spend(userId: string, looks: number, now: number): void {
    if (looks <= 0) return;
    const spent = this.#spent(userId, now) + looks;
    this.#users.delete(userId);
    this.#users.set(userId, { spent, at: now });
    const [oldest] = this.#users.keys();
    if (this.#users.size > maxUsers && oldest !== undefined) this.#users.delete(oldest);
  }

  /** Seconds until the user's next run may begin; 0 for at once. */
  waitOf(userId: string, now: number): number {
    return Math.ceil(Math.max(0, this.#spent(userId, now) - most) / perMs / 1000);
  }

  #spent(userId: string, now: number): number {
    const { spent, at } = this.#users.get(userId) ?? { spent: 0, at: now };
    return Math.max(0, spent - Math.max(0, now - at) * perMs);
  }
}
