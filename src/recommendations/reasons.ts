import type { Entry } from "./catalogue.ts";
import { saidBy, type Terms } from "./content-vector.ts";
import type { Scores } from "./score.ts";

/** Why an item is recommended. It names what the person themself liked or asked for, never anybody else. */
export type Reason =
  | { type: "because_you_liked"; item: number }
  | { type: "matches"; terms: string[] }
  | { type: "popular" }
  | { type: "new" };

/** Of what speaks for an item, a part that is said makes up so much of it. */
const worthSaying = 0.1;
const mostTerms = 3;

/**
 * What speaks for an item most, the weightiest first.
 * @param wanted the terms that the person likes or asks for
 */
export function reasonsFor(
  entry: Entry,
  scores: Scores,
  wanted: ReadonlySet<number>,
  terms: Terms,
): Reason[] {
  const { number } = entry;
  const { collaborative, content, popularity, shares, because } = scores;
  const voices: { weight: number; reason: Reason }[] = [
    {
      weight: shares.collaborative * (collaborative[number] ?? 0),
      reason: { type: "because_you_liked", item: because[number] ?? 0 },
    },
    {
      weight: shares.content * (content[number] ?? 0),
      reason: { type: "matches", terms: sharedTerms(entry, wanted, terms) },
    },
    { weight: shares.popularity * (popularity[number] ?? 0), reason: { type: "popular" } },
  ];
  const all = voices.reduce((sum, { weight }) => sum + weight, 0);
  return voices
    .filter(({ weight }) => weight > 0 && weight >= worthSaying * all)
    .sort((one, other) => other.weight - one.weight)
    .map(({ reason }) => reason);
}

/** The rarest of an item's tags and words that are wanted; a tag as the item spells it. */
function sharedTerms({ terms: own, tags }: Entry, wanted: ReadonlySet<number>, terms: Terms): string[] {
  const { rarity } = terms;
  const spelled = new Map(tags.map((tag) => [tag.normalize("NFKC").toLowerCase(), tag]));
  const shared = [...own]
    .filter((term) => wanted.has(term))
    .sort((one, other) => (rarity[other] ?? 0) - (rarity[one] ?? 0))
    .flatMap((term) => saidBy(terms.nameOf(term)) ?? []);
  return [...new Set(shared.map((said) => spelled.get(said) ?? said))].slice(0, mostTerms);
}
