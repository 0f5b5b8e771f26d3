/** How long a name that was looked up counts as good, in milliseconds, and how many are remembered. */
const goodForMs = 30_000;
const maxRemembered = 1000;

/** Names that were found to lead to public addresses only, a short while ago. */
export class RememberedNames {
  readonly #goodUntil = new Map<string, number>();

  isGood(name: string, now: number): boolean {
    return (this.#goodUntil.get(name) ?? 0) > now;
  }

  remember(name: string, now: number): void {
    this.#goodUntil.delete(name);
    this.#goodUntil.set(name, now + goodForMs);
    const [oldest] = this.#goodUntil.keys();
    if (this.#goodUntil.size > maxRemembered && oldest !== undefined) this.#goodUntil.delete(oldest);
  }
}
