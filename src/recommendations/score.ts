import type { Catalogue, Entry } from "./catalogue.ts";
import { closeness, tasteOf } from "./content-vector.ts";
import type { NeighbourList } from "./neighbours.ts";
import { worthAt } from "./scale.ts";

/** Whom recommendations are for, as far as it is known. */
export interface Taste {
  /** Newest first. */
  liked: readonly number[];
  /** Terms that are asked for, which count as an item liked just now. */
  query?: Uint32Array | undefined;
  /** As of how many likes neighbours count; of those that there are, unless it is said. */
  certainty?: number | undefined;
}

/** What speaks for each item, by its number: each between 0 and 1, and how much each counts. */
export interface Scores {
  collaborative: Float64Array;
  content: Float64Array;
  popularity: Float64Array;
  shares: Shares;
  /** The liked item that speaks most for it; there is one where `collaborative` is more than 0. */
  because: Uint32Array;
}

interface Shares {
  collaborative: number;
  content: number;
  popularity: number;
}

/** Fewer persons do not make two items neighbours: what one of them did would show. */
export const fewestPersons = 3;

/** Likes from which on a person's neighbours count in full. */
const enoughLikes = 5;
const collaborativeShare = 0.75;
/** Of what neighbours do not count yet. */
const popularityShare = 0.5;
const fading = 0.06;
/** Few likes say less than their number. */
const shrinkage = 1;

const weightOfRank = (rank: number) => Math.exp(-fading * rank);

/** How much each voice counts for somebody of whom so many likes are known. */
export function sharesOf(likes: number): Shares {
  if (likes >= enoughLikes)
    return { collaborative: collaborativeShare, content: 1 - collaborativeShare, popularity: 0 };
  const collaborative = (collaborativeShare * likes) / enoughLikes;
  const popularity = popularityShare * (1 - collaborative);
  return { collaborative, content: 1 - collaborative - popularity, popularity };
}

/** What speaks for each item of a catalogue. */
export function scoresFor(
  { liked, query, certainty = liked.length }: Taste,
  catalogue: Catalogue,
  listOf: (item: number) => NeighbourList | undefined,
  now: number,
): Scores {
  const items = catalogue.entries.length;
  const collaborative = new Float64Array(items);
  const because = new Uint32Array(items);
  const best = new Float64Array(items);
  const unit = worthAt(1, now);
  const likes = ofEach(catalogue, (entry) => entry.likes * unit);
  for (const [rank, item] of liked.entries()) {
    const ofItem = likes[item] ?? 0;
    if (ofItem === 0) continue;
    const weight = weightOfRank(rank) / Math.sqrt(ofItem);
    listOf(item)?.each((other, together, persons) => {
      const ofOther = likes[other] ?? 0;
      if (persons < fewestPersons || ofOther === 0) return;
      const count = together * unit;
      const voice = (weight * count * count) / ((count + shrinkage) * Math.sqrt(ofOther));
      collaborative[other] = (collaborative[other] ?? 0) + voice;
      if (voice <= (best[other] ?? 0)) return;
      best[other] = voice;
      because[other] = item;
    });
  }
  const shares = sharesOf(certainty);
  return {
    collaborative: bestIsOne(collaborative),
    content: contentOf({ liked, query }, catalogue),
    popularity: shares.popularity > 0 ? popularityOf(catalogue, unit) : new Float64Array(),
    shares,
    because,
  };
}

function contentOf({ liked, query }: Taste, catalogue: Catalogue): Float64Array {
  const { entries } = catalogue;
  const { rarity } = catalogue.terms;
  const known = liked.flatMap((item, rank) => {
    const entry = entries[item];
    return entry ? [{ terms: entry.terms, weight: weightOfRank(rank) }] : [];
  });
  const asked = query && query.length > 0 ? [{ terms: query, weight: 1 }] : [];
  if (known.length + asked.length === 0) return new Float64Array(entries.length);
  const taste = tasteOf([...asked, ...known], rarity);
  return ofEach(catalogue, ({ terms }) => closeness(taste, terms, rarity));
}

/** How popular each is beside the most popular one, by orders of magnitude. */
const popularityOf = (catalogue: Catalogue, unit: number): Float64Array =>
  bestIsOne(ofEach(catalogue, ({ popularity }) => Math.log1p(popularity * unit)));

/** A number for each item, by its number. */
function ofEach({ entries }: Catalogue, numberOf: (entry: Entry) => number): Float64Array {
  const numbers = new Float64Array(entries.length);
  // Not by an iterator: there are thousands, for every list.
  for (let place = 0; place < entries.length; place++) {
    const entry = entries[place];
    if (entry) numbers[place] = numberOf(entry);
  }
  return numbers;
}

/** All that speaks for an item. */
export const total = ({ collaborative, content, popularity, shares }: Scores, item: number): number =>
  shares.collaborative * (collaborative[item] ?? 0) +
  shares.content * (content[item] ?? 0) +
  shares.popularity * (popularity[item] ?? 0);

/** Scales values in their place. */
function bestIsOne(values: Float64Array): Float64Array {
  let best = 0;
  for (const value of values) if (value > best) best = value;
  if (best > 0)
    for (let place = 0; place < values.length; place++) values[place] = (values[place] ?? 0) / best;
  return values;
}
