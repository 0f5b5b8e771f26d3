import { isPersonaItem } from "#src/objects/persona-items-api.ts";
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
    // Whoever has a catalogue recommends that, and no personas.
    if (fresh.size > 0) for (const id of items.personaIds()) this.#remove(id);
    if (fresh.size > 0) interactions.release(fresh);
    return { refused };
  }

  /** Whether there is anything besides personas. */
  get hasOwn(): boolean {
    const { items, shelf } = this.#parts;
    return shelf.catalogue.size > items.personaIds().length;
  }

  /** Has these personas be among the items, and no other; none where there is a catalogue. Writes what differs. */
  putPersonas(contents: readonly ItemContent[], now: number): void {
    const { items, learning, shelf, interactions } = this.#parts;
    if (this.hasOwn) return;
    const wanted = new Set(contents.map(({ id }) => id));
    for (const id of items.personaIds()) if (!wanted.has(id)) this.#remove(id);
    if (contents.length > 0) learning.begin(now);
    const fresh = new Set<string>();
    for (const content of contents) {
      const known = items.byId(content.id);
      if (!known) fresh.add(content.id);
      if (!known) shelf.put(items.insert(content, now));
      else if (isOther(known, content)) shelf.put(items.update(known, content, now));
    }
    if (fresh.size > 0) interactions.release(fresh);
  }

  /** @returns whether it was in the catalogue, which personas are not */
  delete(itemId: string): boolean {
    return !isPersonaItem(itemId) && this.#remove(itemId);
  }

  #remove(itemId: string): boolean {
    const { items, neighbours, shelf } = this.#parts;
    const number = shelf.catalogue.numberOf(itemId);
    if (number === undefined) return false;
    items.delete(number);
    neighbours.deleteItem(number);
    shelf.catalogue.remove(number);
    return true;
  }
}

const isOther = ({ title, description, tags }: ItemContent, other: ItemContent): boolean =>
  title !== other.title || description !== other.description || tags.join() !== other.tags.join();
