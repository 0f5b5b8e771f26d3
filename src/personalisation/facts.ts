import { novelty } from "#src/memory/index.ts";
import type { Fact } from "#src/objects/profiles-api.ts";

/**
 * Kinds of things that are not kept of anybody, by words that give them away. What the tool says asks for the same;
 * this is for what comes all the same. It may keep out what is harmless: nobody misses a fact.
 */
const forbidden: Readonly<Record<string, RegExp>> = {
  health:
    /\b(diagnos\w*|depress\w*|cancer|diabet\w*|hiv|aids|pregnan\w*|disabilit\w*|illness|disease|medication|therap(?:y|ist|ies)|allerg\w*|surgery|psychiatr\w*|krank\w*|schwanger\w*|allergi\w*|behinderung|medikament\w*)\b/iu,
  religion:
    /\b(christian\w*|catholic\w*|protestant\w*|muslim\w*|islam\w*|jewish|judaism|hindu\w*|buddhis\w*|atheis\w*|religio\w*|church|mosque|synagogue|katholi\w*|evangelisch\w*|jüdisch\w*|moschee|kirche)\b/iu,
  politics:
    /\b(votes? for|voted for|voter|democrats?|republicans?|conservatives?|socialis[tm]\w*|communis[tm]\w*|labour party|political(?:ly)?|wählt|partei(?:mitglied)?|politisch\w*)\b/iu,
  sexuality:
    /\b(gay|lesbian|bisexual|homosexual\w*|heterosexual\w*|transgender|queer|sexual\w*|schwul|lesbisch)\b/iu,
  ethnicity: /\b(ethnic\w*|race is|racial\w*|skin colou?r|ethnisch\w*|hautfarbe)\b/iu,
  union: /\b(trade union|labou?r union|union member\w*|gewerkschaft\w*)\b/iu,
  payment:
    /\b(?:\d[ -]?){12,18}\d\b|\b[a-z]{2}\d{2}(?:[ ]?[a-z0-9]{4}){3,7}[ ]?[a-z0-9]{0,4}\b|\b(?:cvv|cvc|iban|credit card|card number|kreditkarte\w*|kontonummer)\b/iu,
  secret:
    /\b(?:password|passwort|passphrase|pin|secret|api[ _-]?key|access[ _-]?token)\b|\b(?:sk|pk|ghp|xox[abp])[-_][a-z0-9_-]{10,}|-----BEGIN/iu,
};

/** Which kind of what is not kept a text seems to be of; undefined where it is of none. */
export const forbiddenKind = (text: string): string | undefined =>
  Object.entries(forbidden).find(([, pattern]) => pattern.test(text.normalize("NFKC")))?.[0];

/** Age in which what speaks for a fact by being new halves; and how much that counts beside what it says. */
const recency = { halfLifeMs: 30 * 86_400_000, share: 0.2 };

/** The most facts that a prompt is told. */
const maxTold = 20;

/** Facts that have words of a message, as memories are ranked: by how much they fit, and by how new they are. */
export function factsFor(facts: readonly Fact[], message: string, now: number): Fact[] {
  const found = facts
    .map((fact) => ({ fact, fits: 1 - novelty(fact.text, message) }))
    .filter(({ fits }) => fits > 0);
  const best = Math.max(...found.map(({ fits }) => fits));
  return found
    .map(({ fact, fits }) => {
      const newness = 2 ** (-Math.max(0, now - fact.at) / recency.halfLifeMs);
      return { fact, score: (1 - recency.share) * (fits / best) + recency.share * newness };
    })
    .sort((a, b) => b.score - a.score || (a.fact.id < b.fact.id ? -1 : 1))
    .slice(0, maxTold)
    .map(({ fact }) => fact);
}
