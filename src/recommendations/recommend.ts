import type { Catalogue, Entry } from "./catalogue.ts";
import { chanceOf } from "./chance.ts";
import { likeness, termsOfQuery } from "./content-vector.ts";
import { isTriedOut, placesToTry, tried } from "./explore.ts";
import type { NeighbourList } from "./neighbours.ts";
import { type Reason, reasonsFor } from "./reasons.ts";
import { type Scores, scoresFor, type Taste, total } from "./score.ts";
import { varied } from "./variety.ts";

/** What is asked for. */
export interface Wish {
  limit: number;
  /** Whom it is for; nobody in particular gets what is popular. */
  person?: { liked: readonly number[]; hasSeen(item: number): boolean } | undefined;
  query?: string | undefined;
  /** As of how many likes neighbours count; of those that the person has, unless it is said. */
  certainty?: number | undefined;
  language?: string | undefined;
  /** Items that have one of them; of none named, all. */
  tags?: readonly string[] | undefined;
  exclude?: ReadonlySet<number> | undefined;
  /** Whether a part of the places is for what nobody knows yet. */
  explores: boolean;
  /** The same seed, wish and state give the same list. */
  seed: string;
  now: number;
}

export interface Recommended {
  entry: Entry;
  score: number;
  reasons: Reason[];
}

/** By what a list was made: by what the person likes or asks for, or only by what is popular. */
export type Algorithm = "personal" | "popular";

/** Items in which variety is looked for, beyond those that are asked for. */
const poolBeyond = 50;
/** New items that are drawn from. */
const mostTried = 200;

/** What is recommended, best first. */
export function recommend(
  catalogue: Catalogue,
  listOf: (item: number) => NeighbourList | undefined,
  wish: Wish,
): { algorithm: Algorithm; items: Recommended[] } {
  const taste: Taste = {
    liked: wish.person?.liked.toReversed() ?? [],
    query: wish.query === undefined ? undefined : catalogue.terms.known(termsOfQuery(wish.query)),
    certainty: wish.certainty,
  };
  const isKnown = taste.liked.length > 0 || (taste.query?.length ?? 0) > 0;
  const scores = scoresFor(taste, catalogue, listOf, wish.now);
  const fits = filterFor(wish);
  const candidates = bestOf(catalogue.entries, scores, fits, wish.limit + poolBeyond);
  const { terms } = catalogue;
  const alike = (one: number, other: number) =>
    likeness(termsIn(catalogue, one), termsIn(catalogue, other), terms.rarity);
  const chosen = isKnown ? varied(candidates, wish.limit, alike) : candidates.slice(0, wish.limit);
  const wanted = new Set([
    ...(taste.query ?? []),
    ...taste.liked.flatMap((item) => [...termsIn(catalogue, item)]),
  ]);
  const explain = ({ item, score }: { item: number; score: number }): Recommended[] => {
    const entry = catalogue.entry(item);
    return entry ? [{ entry, score, reasons: reasonsFor(entry, scores, wanted, terms) }] : [];
  };
  const items = chosen.flatMap(explain);
  return {
    algorithm: isKnown ? "personal" : "popular",
    items: wish.explores ? withTried(items, catalogue, scores, fits, wish) : items,
  };
}

const termsIn = (catalogue: Catalogue, item: number) => catalogue.entry(item)?.terms ?? new Uint32Array();

/** What may be in the list at all. */
function filterFor({ person, exclude, tags, language, now }: Wish): (entry: Entry) => boolean {
  const wanted = tags && tags.length > 0 ? new Set(tags) : undefined;
  return (entry) =>
    entry.available &&
    (entry.expiresAt === undefined || entry.expiresAt > now) &&
    !exclude?.has(entry.number) &&
    (wanted === undefined || entry.tags.some((tag) => wanted.has(tag))) &&
    (language === undefined || entry.language === undefined || spoken(entry.language) === spoken(language)) &&
    !person?.hasSeen(entry.number);
}

const spoken = (language: string) => language.split("-", 1)[0]?.toLowerCase();

/** The best of all that may be in the list; of equals, the older items. */
function bestOf(
  entries: readonly (Entry | undefined)[],
  scores: Scores,
  fits: (entry: Entry) => boolean,
  most: number,
): { item: number; score: number }[] {
  const best: { item: number; score: number }[] = [];
  for (const entry of entries) {
    if (!entry) continue;
    const score = total(scores, entry.number);
    const last = best.at(-1);
    if (last && best.length === most && score <= last.score) continue;
    if (!fits(entry)) continue;
    let place = best.length;
    while (place > 0 && (best[place - 1]?.score ?? 0) < score) place -= 1;
    best.splice(place, 0, { item: entry.number, score });
    if (best.length > most) best.pop();
  }
  return best;
}

/** Gives the last places to what nobody knows yet. */
function withTried(
  items: readonly Recommended[],
  catalogue: Catalogue,
  scores: Scores,
  fits: (entry: Entry) => boolean,
  { limit, seed, now }: Wish,
): Recommended[] {
  const chance = chanceOf(seed);
  const places = placesToTry(limit, chance);
  if (places === 0) return [...items];
  const shown = new Set(items.slice(0, limit - places).map(({ entry }) => entry.number));
  const isCandidate = (entry: Entry) => isTriedOut(entry, now) && !shown.has(entry.number) && fits(entry);
  const candidates = bestOf(catalogue.entries, scores, isCandidate, mostTried);
  const entryOf = ({ item }: { item: number }) => catalogue.entry(item) ?? [];
  const numbers = tried(candidates.flatMap(entryOf), places, chance);
  const explored = numbers.flatMap((number): Recommended[] => {
    const entry = catalogue.entry(number);
    return entry ? [{ entry, score: total(scores, number), reasons: [{ type: "new" }] }] : [];
  });
  const isExplored = new Set(numbers);
  const rest = items.filter(({ entry }) => !isExplored.has(entry.number)).slice(0, limit - explored.length);
  return [...rest, ...explored];
}
