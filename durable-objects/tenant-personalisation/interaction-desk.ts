import type { Purpose } from "#src/kernel/personalisation-words.ts";
import type { GivenInteraction, TakenInteractions } from "#src/objects/recommendations-api.ts";
import { type InteractionStore, nobody } from "./interaction-store.ts";
import type { Keeper } from "./keeper.ts";
import type { LearningState } from "./learning-state.ts";
import type { NeighbourStore } from "./neighbour-store.ts";
import type { QualityStore } from "./quality-store.ts";
import type { Shelf } from "./shelf.ts";
import { Teaching } from "./teaching.ts";

/** How long an interaction waits for an item that is not known yet, and how many may. */
const waitsMs = 86_400_000;
const mostWaiting = 2000;

interface Parts {
  interactions: InteractionStore;
  neighbours: NeighbourStore;
  learning: LearningState;
  quality: QualityStore;
  shelf: Shelf;
  isGranted(personId: string, purpose: Purpose): boolean;
}

/** Takes in what persons did, each thing once, and has it learnt from. */
export class InteractionDesk implements Keeper {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  take(given: readonly GivenInteraction[], now: number): TakenInteractions {
    const { interactions, learning, quality, shelf } = this.#parts;
    learning.begin(now);
    const teaching = new Teaching(this.#parts);
    const whose = this.#whose(given);
    const taken: TakenInteractions = { duplicates: [], refused: [] };
    let room = mostWaiting - interactions.waiting;
    for (const [place, one] of given.entries()) {
      const personId = whose(one.personId);
      const number = shelf.catalogue.numberOf(one.itemId);
      const waits = number === undefined;
      if (waits && room <= 0 && !interactions.has(personId, one.id)) {
        taken.refused.push(place);
        continue;
      }
      if (!interactions.insert(personId, one, waits ? now + waitsMs : null)) {
        taken.duplicates.push(place);
        continue;
      }
      teaching.kept(personId);
      if (one.type === "click" && one.requestId !== null) quality.clicked(one.requestId);
      if (waits) room -= 1;
      else teaching.take({ ...one, personId }, number);
    }
    teaching.write();
    return taken;
  }

  /** Items have come: what has waited for them counts now. */
  release(items: ReadonlySet<string>): void {
    const { interactions, shelf } = this.#parts;
    if (interactions.waitingUntil === null) return;
    const teaching = new Teaching(this.#parts);
    for (const one of interactions.released(items)) {
      const number = shelf.catalogue.numberOf(one.itemId);
      if (number !== undefined) teaching.take(one, number);
    }
    teaching.write();
  }

  dataOf(personId: string): Record<string, unknown> {
    const interactions = this.#parts.interactions.of(personId);
    return { interactions: interactions.map(({ personId: _, ...interaction }) => interaction) };
  }

  withdraw(personId: string, purpose: Purpose): void {
    if (purpose === "history") this.erase(personId);
  }

  /** What was learnt from them is in the lists until those are built anew. */
  erase(personId: string): void {
    const { interactions, neighbours, learning } = this.#parts;
    interactions.erase(personId);
    neighbours.erasePerson(personId);
    const rebuild = learning.known?.rebuild;
    // What is being built has learnt from them already: it begins again.
    if (rebuild?.phase === "learning" && personId <= rebuild.cursor)
      learning.rebuilds({ phase: "emptying", learnsNext: true });
  }

  /** Whoever has not agreed to their history is nobody in particular. */
  #whose(given: readonly GivenInteraction[]): (personId: string | null) => string {
    const agreed = new Set(
      [...new Set(given.map(({ personId }) => personId))].filter(
        (personId) => personId !== null && this.#parts.isGranted(personId, "history"),
      ),
    );
    return (personId) => (personId !== null && agreed.has(personId) ? personId : nobody);
  }
}
