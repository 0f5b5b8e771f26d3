/** What the templates and CEL expressions of a run may do together, in looks of a template's filter: a second or two. */
const most = 100_000_000;

/** Counts what the expressions of a run do: each is bounded, but a thousand items may have one each. */
export class ExpressionBudget {
  #spent: number;

  /** @param spent what the run's expressions have done before */
  constructor(spent = 0) {
    this.#spent = spent;
  }

  get spent(): number {
    return this.#spent;
  }

  /** @throws when that is too much */
  spend(cost: number): void {
    this.#spent += cost;
    if (this.#spent > most) throw new Error("The expressions of the run take too long together");
  }
}
