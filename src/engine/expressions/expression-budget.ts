import { limits } from "../limits.ts";

/** What the templates and CEL expressions of a run may do together, in looks of a template's filter. */
const max = 100_000_000;
/** What they may do in one go, while everybody else of the tenant waits: a fifth of a second or so. */
export const maxAtOnce = 15_000_000;
export const tooLongAtOnce = "The expressions take too long at once";
/** Characters that they may give in one go: more than the inputs of a run may hold. */
const maxGiven = 1.5 * limits.runInputBytes;
/** Giving a character takes a fraction of a look. */
const charactersPerLook = 8;

/** Counts what the expressions of a run do: each is bounded, but a thousand items may have one each. */
export class ExpressionBudget {
  readonly #before: number;
  #spent: number;
  #given = 0;

  /** @param spent what the run's expressions have done before */
  constructor(spent = 0) {
    this.#before = spent;
    this.#spent = spent;
  }

  get spent(): number {
    return this.#spent;
  }

  /** @throws when that is too much */
  spend(cost: number): void {
    this.#spent += cost;
    if (this.#spent > max) throw new Error("The expressions of the run take too long together");
    if (this.#spent - this.#before > maxAtOnce) throw new Error(tooLongAtOnce);
  }

  /** Counts what an expression gives. @throws when that is too much */
  give(characters: number): void {
    this.#given += characters;
    if (this.#given > maxGiven) throw new Error("The expressions give too much at once");
    this.spend(characters / charactersPerLook);
  }
}
