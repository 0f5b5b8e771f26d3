import { Catalogue, type CatalogueItem } from "./catalogue.ts";
import { type ListBounds, learnPairs, listBounds, NeighbourList } from "./neighbours.ts";
import { PersonMemory } from "./person-memory.ts";
import { recommend } from "./recommend.ts";
import { beginning, weightAt } from "./scale.ts";

/** A person likes an item; items by their number. */
export interface Like {
  person: string;
  item: number;
  at: number;
}

/** What is evaluated on: a catalogue and who liked what. */
export interface World {
  items: readonly CatalogueItem[];
  likes: readonly Like[];
}

/** A world of which a part is held out: what is to be foreseen, by person. */
export interface Split {
  items: readonly CatalogueItem[];
  /** In order of time. */
  train: readonly Like[];
  held: ReadonlyMap<string, readonly number[]>;
}

/** Ten items for a person, best first. */
export type Recommender = (person: string) => readonly number[];

/** How good lists of ten are. */
export interface Quality {
  ndcg: number;
  hit: number;
  /** The share of what is liked at all that is recommended to somebody. */
  coverage: number;
}

const listLength = 10;
const fewestLikes = 5;
const heldShare = 0.2;

/** Holds out the last fifth of each person who has 5 likes or more. */
export const lastFifthHeld = (world: World): Split =>
  split(world, (likes) =>
    likes.length < fewestLikes
      ? likes.length
      : likes.length - Math.max(1, Math.floor(likes.length * heldShare)),
  );

/** Of every fifth person only the first likes are known, as of somebody new; the rest is held out. */
export const newcomersHeld = (world: World, known: number): Split =>
  split(world, (likes, place) => (place % 5 === 0 && likes.length > known ? known : likes.length));

function split({ items, likes }: World, knownOf: (likes: readonly Like[], place: number) => number): Split {
  const byPerson = Map.groupBy(likes.toSorted(earlierFirst), ({ person }) => person);
  const train: Like[] = [];
  const held = new Map<string, number[]>();
  for (const [place, [person, ownLikes]] of [...byPerson].entries()) {
    const known = knownOf(ownLikes, place);
    train.push(...ownLikes.slice(0, known));
    const rest = ownLikes.slice(known).map(({ item }) => item);
    if (rest.length > 0) held.set(person, rest);
  }
  return { items, train: train.sort(earlierFirst), held };
}

const earlierFirst = (one: Like, other: Like) => one.at - other.at || one.item - other.item;

/** How well a recommender foresees what is held out. */
export function qualityOf({ train, held }: Split, recommender: Recommender): Quality {
  const shown = new Set<number>();
  let [ndcg, hits] = [0, 0];
  for (const [person, truth] of held) {
    const wanted = new Set(truth);
    const items = recommender(person);
    const list = items.slice(0, listLength);
    for (const item of list) shown.add(item);
    const gains = list.map((item, place) => (wanted.has(item) ? gainAt(place) : 0));
    const ideal = Array.from({ length: Math.min(listLength, wanted.size) }, (_, place) => gainAt(place));
    ndcg += sum(gains) / sum(ideal);
    if (gains.some((gain) => gain > 0)) hits += 1;
  }
  const liked = new Set(train.map(({ item }) => item));
  return { ndcg: ndcg / held.size, hit: hits / held.size, coverage: shown.size / liked.size };
}

const gainAt = (place: number) => 1 / Math.log2(place + 2);
const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);

/**
 * What the platform itself does: likes are learnt one by one, as they come, and lists are made of what is left of them.
 * @param weightOf what a like of a time weighs
 */
export function streaming(
  { items, train }: Split,
  {
    bounds = listBounds,
    weightOf = weightAt,
  }: { bounds?: ListBounds; weightOf?: (at: number) => number } = {},
): Recommender {
  const catalogue = new Catalogue();
  for (const item of items) catalogue.put(item);
  const lists = new Map<number, NeighbourList>();
  const persons = new Map<string, PersonMemory>();
  const listOf = (item: number) => gotFrom(lists, item, () => new NeighbourList(undefined, bounds));
  for (const { person, item, at } of train) {
    const memory = gotFrom(persons, person, () => new PersonMemory());
    const before = [...memory.liked];
    if (!memory.like(item)) continue;
    learnPairs(item, before, weightOf(at), listOf);
    const likes = (catalogue.entry(item)?.likes ?? 0) + weightOf(at);
    catalogue.count(item, { likes, popularity: likes });
  }
  const now = weightOf === undecayed ? beginning : (train.at(-1)?.at ?? beginning);
  return (person) =>
    recommend(catalogue, (item) => lists.get(item), {
      limit: listLength,
      person: persons.get(person) ?? new PersonMemory(),
      explores: false,
      seed: person,
      now,
    }).items.map(({ entry }) => entry.number);
}

/** As `weightOf`: old likes count as new ones do, for data whose likes are years apart. */
export const undecayed = (): number => 1;

function gotFrom<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
