import {
  type Interaction,
  isPositive,
  learnPairs,
  NeighbourList,
  PersonMemory,
  weightAt,
} from "#src/recommendations/index.ts";
import type { ItemFigures, KnownPerson, NeighbourStore, Side } from "./neighbour-store.ts";

/** Learns from interactions on one side: many at once, so that each row they change is read and written once. */
export class Learner {
  readonly #store: NeighbourStore;
  readonly #side: Side;
  readonly #lists = new Map<number, NeighbourList>();
  readonly #figures = new Map<number, ItemFigures>();
  readonly #persons = new Map<string, KnownPerson>();

  constructor(store: NeighbourStore, side: Side) {
    this.#store = store;
    this.#side = side;
  }

  /** Rows that are to be written. */
  get changed(): number {
    return this.#lists.size + this.#figures.size + this.#persons.size;
  }

  person(personId: string): KnownPerson {
    const read = () => this.#store.person(this.#side, personId) ?? { memory: new PersonMemory(), kept: 0 };
    return gotFrom(this.#persons, personId, read);
  }

  take(personId: string, number: number, interaction: Interaction): void {
    const { memory } = this.person(personId);
    const known = gotFrom(this.#figures, number, () => this.#store.figures(this.#side, number));
    let isLike = false;
    if (isPositive(interaction)) {
      const before = [...memory.liked];
      isLike = memory.like(number);
      if (isLike) learnPairs(number, before, weightAt(interaction.at), (item) => this.#listOf(item));
    } else if (interaction.type === "dislike") memory.dislike(number);
    else memory.see(number);
    this.#figures.set(number, withInteraction(known, interaction, isLike));
  }

  /** Writes what has changed. */
  write(): void {
    for (const [number, list] of this.#lists) this.#store.writeList(this.#side, number, list);
    for (const [number, figures] of this.#figures) this.#store.writeFigures(this.#side, number, figures);
    for (const [personId, person] of this.#persons) this.#store.writePerson(this.#side, personId, person);
  }

  #listOf(number: number): NeighbourList {
    const read = () => this.#store.list(this.#side, number) ?? new NeighbourList();
    return gotFrom(this.#lists, number, read);
  }
}

/** The figures of an item with one interaction more. */
export const withInteraction = (
  { likes, views, clicks }: ItemFigures,
  { type, at }: Interaction,
  isLike: boolean,
): ItemFigures => ({
  likes: likes + (isLike ? weightAt(at) : 0),
  views: views + (type === "view" ? 1 : 0),
  clicks: clicks + (type === "click" ? 1 : 0),
});

function gotFrom<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
