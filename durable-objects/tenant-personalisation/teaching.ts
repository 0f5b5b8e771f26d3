import { isPositive } from "#src/recommendations/index.ts";
import { type InteractionStore, type KeptInteraction, nobody } from "./interaction-store.ts";
import { Learner, withInteraction } from "./learner.ts";
import type { LearningState } from "./learning-state.ts";
import { type ItemFigures, type NeighbourStore, otherSide } from "./neighbour-store.ts";
import type { Shelf } from "./shelf.ts";

/** Interactions that are kept of a person, and of nobody in particular; a tenth more before the oldest go. */
const keptOfPerson = 500;
const keptOfNobody = 5000;

interface Parts {
  interactions: InteractionStore;
  neighbours: NeighbourStore;
  learning: LearningState;
  shelf: Shelf;
}

/** What one call teaches: every row that it changes is written once. */
export class Teaching {
  readonly #parts: Parts;
  readonly #live: Learner;
  /** What is being built anew, by persons whom it has learnt from already; the others' turn comes. */
  readonly #next: Learner | undefined;
  readonly #cursor: string;
  readonly #ofNobody = new Map<number, ItemFigures>();
  readonly #items = new Set<number>();
  readonly #persons = new Set<string>();

  constructor(parts: Parts) {
    this.#parts = parts;
    const { learning, neighbours } = parts;
    const { side, known } = learning;
    this.#live = new Learner(neighbours, side);
    this.#cursor = known?.rebuild?.phase === "learning" ? known.rebuild.cursor : "";
    this.#next = this.#cursor === "" ? undefined : new Learner(neighbours, otherSide(side));
  }

  take(one: KeptInteraction, number: number): void {
    this.#items.add(number);
    if (one.personId === nobody) {
      const known = this.#ofNobody.get(number) ?? this.#parts.neighbours.figures("nobody", number);
      this.#ofNobody.set(number, withInteraction(known, one, isPositive(one)));
      return;
    }
    for (const learner of this.#learnersFor(one.personId)) learner.take(one.personId, number, one);
  }

  /** One more is kept of a person. */
  kept(personId: string): void {
    this.#persons.add(personId);
    for (const learner of this.#learnersFor(personId)) learner.person(personId).kept += 1;
  }

  write(): void {
    const { neighbours, shelf } = this.#parts;
    for (const personId of this.#persons) this.#prune(personId);
    for (const [number, figures] of this.#ofNobody) neighbours.writeFigures("nobody", number, figures);
    this.#live.write();
    this.#next?.write();
    shelf.count(this.#items);
  }

  #learnersFor(personId: string): Learner[] {
    const isLearntFrom = personId !== nobody && personId <= this.#cursor;
    return this.#next && isLearntFrom ? [this.#live, this.#next] : [this.#live];
  }

  /** Lets go of a person's oldest, where more are kept than may be. */
  #prune(personId: string): void {
    const { interactions } = this.#parts;
    const most = personId === nobody ? keptOfNobody : keptOfPerson;
    const known = this.#live.person(personId);
    if (known.kept <= 1.1 * most) return;
    const rows = interactions.of(personId);
    for (const old of rows.slice(0, Math.max(0, rows.length - most))) interactions.delete(old);
    known.kept = Math.min(rows.length, most);
  }
}
