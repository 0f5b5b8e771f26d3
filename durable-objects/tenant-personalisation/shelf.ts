import { Catalogue } from "#src/recommendations/index.ts";
import type { ItemStore, NumberedItem } from "./item-store.ts";
import type { LearningState } from "./learning-state.ts";
import { type NeighbourStore, noFigures } from "./neighbour-store.ts";

interface Parts {
  items: ItemStore;
  neighbours: NeighbourStore;
  learning: LearningState;
}

/** The catalogue in memory: read when it is first asked for, and again after what was written had to be taken back. */
export class Shelf {
  readonly #parts: Parts;
  #catalogue: Catalogue | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  get catalogue(): Catalogue {
    this.#catalogue ??= this.#read();
    return this.#catalogue;
  }

  forget(): void {
    this.#catalogue = undefined;
  }

  put(item: NumberedItem): void {
    putIn(this.catalogue, item);
  }

  /** Takes over what is counted of items. */
  count(numbers: Iterable<number>): void {
    const { neighbours, learning } = this.#parts;
    const { side } = learning;
    for (const number of numbers) {
      const [ofPersons, ofNobody] = [neighbours.figures(side, number), neighbours.figures("nobody", number)];
      this.catalogue.count(number, sumOf(ofPersons, ofNobody));
    }
  }

  #read(): Catalogue {
    const { items, neighbours, learning } = this.#parts;
    const [ofPersons, ofNobody] = [neighbours.allFigures(learning.side), neighbours.allFigures("nobody")];
    const catalogue = new Catalogue();
    for (const item of items.all()) {
      putIn(catalogue, item);
      catalogue.count(item.number, sumOf(ofPersons.get(item.number), ofNobody.get(item.number)));
    }
    return catalogue;
  }
}

const putIn = (catalogue: Catalogue, item: NumberedItem): void => {
  const { number, id, title, tags, attributes, available, addedAt, language, expiresAt } = item;
  catalogue.put({
    number,
    id,
    title,
    tags,
    attributes,
    available,
    addedAt,
    language: language ?? undefined,
    expiresAt: expiresAt ?? undefined,
  });
};

/** What persons and nobody in particular did with an item; only persons' likes make it a neighbour. */
const sumOf = (ofPersons = noFigures, ofNobody = noFigures) => ({
  likes: ofPersons.likes,
  popularity: ofPersons.likes + ofNobody.likes,
  views: ofPersons.views + ofNobody.views,
  clicks: ofPersons.clicks + ofNobody.clicks,
});
