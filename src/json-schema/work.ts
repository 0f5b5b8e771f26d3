/** What applying a schema once may cost, in visits of a subschema: about a tenth of a second. */
const most = 150_000;

/** Thrown when a schema would be applied for too long. */
export class TooMuchWork extends Error {
  constructor() {
    super("The schema takes too long to apply");
    this.name = "TooMuchWork";
  }
}

/** Counts what applying a schema does. Nothing can interrupt it from outside, and a Worker's clock stands still meanwhile. */
export class Work {
  #spent = 0;

  /** In visits of a subschema. */
  get spent(): number {
    return this.#spent;
  }

  /** @throws TooMuchWork when that is too much */
  spend(visits: number): void {
    this.#spent += visits;
    if (this.#spent > most) throw new TooMuchWork();
  }
}
