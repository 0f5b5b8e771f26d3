import type { Catalogue } from "./catalogue.ts";
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
  const likes = Float64Array.from(catalogue.entries, (entry) => (entry ? worthAt(entry.likes, now) : 0));
  const unit = worthAt(1, now);
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
  return {
    collaborative: bestIsOne(collaborative),
    content: contentOf({ liked, query }, catalogue),
    popularity: popularityOf(catalogue, now),
    shares: sharesOf(certainty),
    because,
  };
}

function contentOf({ liked, query }: Taste, { entries, terms }: Catalogue): Float64Array {
  const { rarity } = terms;
  const known = liked.flatMap((item, rank) => {
    const entry = entries[item];
    return entry ? [{ terms: entry.terms, weight: weightOfRank(rank) }] : [];
  });
  const asked = query && query.length > 0 ? [{ terms: query, weight: 1 }] : [];
  if (known.length + asked.length === 0) return new Float64Array(entries.length);
  const taste = tasteOf([...asked, ...known], rarity);
  return Float64Array.from(entries, (entry) => (entry ? closeness(taste, entry.terms, rarity) : 0));
}

/** How popular each is beside the most popular one, by orders of magnitude. */
export const popularityOf = ({ entries }: Catalogue, now: number): Float64Array =>
  bestIsOne(Float64Array.from(entries, (entry) => Math.log1p(worthAt(entry?.popularity ?? 0, now))));

/** All that speaks for an item. */
export const total = ({ collaborative, content, popularity, shares }: Scores, item: number): number =>
  shares.collaborative * (collaborative[item] ?? 0) +
  shares.content * (content[item] ?? 0) +
  shares.popularity * (popularity[item] ?? 0);

function bestIsOne(values: Float64Array): Float64Array {
  let best = 0;
  for (const value of values) if (value > best) best = value;
  return best === 0 ? values : values.map((value) => value / best);
}
