/** What consumers did outside: upstream calls, and what excuses more than one of them for an attempt. */
export class Ledger {
  readonly #calls = new Map<string, { count: number; excusedBefore: number }>();
  readonly #excuses = new Map<string, number>();
  #excusesOfAll = 0;
  /** Outputs that consumers have produced, by attempt. */
  readonly #outputs = new Map<string, Set<string>>();

  /** A crash, a jump of the clock or a lost call: any task that is out may be done once more. */
  excuseAll(): void {
    this.#excusesOfAll++;
  }

  /** The consumer of an attempt failed, or was too slow for its lease. */
  excuse(attempt: string): void {
    this.#excuses.set(attempt, (this.#excuses.get(attempt) ?? 0) + 1);
  }

  /** A consumer has taken an attempt on. */
  claimed(attempt: string): void {
    if (!this.#calls.has(attempt)) this.#calls.set(attempt, { count: 0, excusedBefore: this.#excusesOfAll });
  }

  /** Notes an upstream call; gives how many there were beyond one and its excuses. */
  call(attempt: string): { count: number; unexcused: number } {
    const known = this.#calls.get(attempt) ?? { count: 0, excusedBefore: this.#excusesOfAll };
    known.count++;
    this.#calls.set(attempt, known);
    const excused = (this.#excuses.get(attempt) ?? 0) + this.#excusesOfAll - known.excusedBefore;
    return { count: known.count, unexcused: known.count - 1 - excused };
  }

  produced(attempt: string, output: unknown): void {
    const outputs = this.#outputs.get(attempt) ?? new Set();
    this.#outputs.set(attempt, outputs.add(JSON.stringify(output)));
  }

  hasProduced(attempt: string, output: unknown): boolean {
    return this.#outputs.get(attempt)?.has(JSON.stringify(output)) ?? false;
  }
}
