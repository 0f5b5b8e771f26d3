import type { ItemContent, TakenItems } from "#src/objects/recommendations-api.ts";
import type { InteractionDesk } from "./interaction-desk.ts";
import type { ItemStore } from "./item-store.ts";
import type { LearningState } from "./learning-state.ts";
import type { NeighbourStore } from "./neighbour-store.ts";
import type { Shelf } from "./shelf.ts";

/** Items of a tenant: all of them are weighed for every list, in memory. */
const mostItems = 20_000;

interface Parts {
  items: ItemStore;
  neighbours: NeighbourStore;
  learning: LearningState;
  shelf: Shelf;
  interactions: InteractionDesk;
}

/** Takes items in, and takes them out again. */
export class ItemDesk {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  put(contents: readonly ItemContent[], now: number): TakenItems {
    const { items, learning, shelf, interactions } = this.#parts;
    learning.begin(now);
    const fresh = new Set<string>();
    const refused: number[] = [];
    for (const [place, content] of contents.entries()) {
      const known = items.byId(content.id);
      if (known) shelf.put(items.update(known, content, now));
      else if (shelf.catalogue.size >= mostItems) refused.push(place);
      else {
        shelf.put(items.insert(content, now));
        fresh.add(content.id);
      }
    }
    if (fresh.size > 0) interactions.release(fresh);
    return { refused };
  }

  /** @returns whether it was there */
  delete(itemId: string): boolean {
    const { items, neighbours, shelf } = this.#parts;
    const number = shelf.catalogue.numberOf(itemId);
    if (number === undefined) return false;
    items.delete(number);
    neighbours.deleteItem(number);
    shelf.catalogue.remove(number);
    return true;
  }
}
