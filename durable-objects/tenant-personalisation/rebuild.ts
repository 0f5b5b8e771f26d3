import type { Duty } from "./duties.ts";
import type { InteractionStore } from "./interaction-store.ts";
import { Learner } from "./learner.ts";
import type { LearningState } from "./learning-state.ts";
import { type NeighbourStore, otherSide } from "./neighbour-store.ts";
import type { Shelf } from "./shelf.ts";

const keptMs = 400 * 86_400_000;
const keptOfPerson = 500;

/** What one part learns before it writes: rows that change, and persons. A person is always learnt from as a whole. */
const rowsAtOnce = 300;
const personsAtOnce = 100;

interface Parts {
  interactions: InteractionStore;
  neighbours: NeighbourStore;
  learning: LearningState;
  shelf: Shelf;
  transaction(work: () => void): void;
}

/**
 * Builds anew, once a week, all that was learnt, from the interactions that are still there: person after person, on the
 * side that is not in use, which is turned to in the end. No trace is left of who was erased, nor of what lists dropped.
 */
export class RebuildDuty implements Duty {
  readonly name = "rebuild";
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  get nextAt(): number | null {
    const { known } = this.#parts.learning;
    if (!known) return null;
    return known.rebuild ? 0 : known.dueAt;
  }

  async run(now: number): Promise<void> {
    this.#parts.transaction(() => this.#part(now));
  }

  #part(now: number): void {
    const { learning, neighbours } = this.#parts;
    const { known } = learning;
    if (!known) return;
    const { side, rebuild } = known;
    if (rebuild?.phase === "learning") {
      this.#learn(rebuild.cursor, now);
      return;
    }
    const learnsNext = rebuild?.learnsNext ?? true;
    if (!neighbours.emptyPart(otherSide(side))) learning.rebuilds({ phase: "emptying", learnsNext });
    else learning.rebuilds(learnsNext ? { phase: "learning", cursor: "" } : null);
  }

  /** Learns from some persons more, or turns to what is built when there are none. */
  #learn(cursor: string, now: number): void {
    const { interactions, learning, neighbours, shelf } = this.#parts;
    const next = otherSide(learning.side);
    const learner = new Learner(neighbours, next);
    let reached = cursor;
    for (let persons = 0; persons < personsAtOnce && learner.changed < rowsAtOnce; persons++) {
      const personId = interactions.personAfter(reached);
      if (personId === undefined) break;
      this.#learnFrom(personId, learner, now);
      reached = personId;
    }
    learner.write();
    if (reached !== cursor) {
      learning.rebuilds({ phase: "learning", cursor: reached });
      return;
    }
    learning.turn(next, now);
    learning.rebuilds({ phase: "emptying", learnsNext: false });
    shelf.forget();
  }

  #learnFrom(personId: string, learner: Learner, now: number): void {
    const { interactions, shelf } = this.#parts;
    const rows = interactions.of(personId);
    const kept = rows.filter(({ at }) => at > now - keptMs).slice(-keptOfPerson);
    for (const old of rows.slice(0, rows.length - kept.length)) interactions.delete(old);
    if (kept.length > 0) learner.person(personId).kept = kept.length;
    for (const one of kept) {
      const number = shelf.catalogue.numberOf(one.itemId);
      if (number !== undefined) learner.take(personId, number, one);
    }
  }
}
