import type { Mark } from "#src/personalisation/index.ts";
import { isPositive } from "#src/recommendations/index.ts";
import type { InterestSource } from "./context-desk.ts";
import type { InteractionStore } from "./interaction-store.ts";
import type { ItemStore } from "./item-store.ts";

/** The last so many likes say what somebody cares for: older ones weigh next to nothing. */
const mostLikes = 50;

interface Parts {
  interactions: Pick<InteractionStore, "of">;
  items: Pick<ItemStore, "byId">;
}

/**
 * What persons care for by the tags of what they like. Of who has not agreed to their history nothing is kept to read it
 * from. Items are read one by one: a turn does not wait for the whole catalogue.
 */
export class LikedTags implements InterestSource {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  marksOf(personId: string): readonly Mark[] {
    const { interactions, items } = this.#parts;
    const liked = interactions.of(personId).filter(isPositive).slice(-mostLikes);
    return liked.flatMap(({ itemId, at }) =>
      (items.byId(itemId)?.tags ?? []).map((topic) => ({ topic, at })),
    );
  }
}
