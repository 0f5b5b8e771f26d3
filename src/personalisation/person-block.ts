import type { Interest } from "#src/objects/contexts-api.ts";
import type { Preferences } from "#src/objects/profile-parts.ts";

/** What a prompt may be told of a person: of what they have not agreed to, nothing is here. */
export interface KnownPerson {
  preferences: Preferences;
  /** Those that fit best first. */
  facts: readonly string[];
  /** What weighs most first. */
  interests: readonly Interest[];
  timeZone: string | undefined;
  country: string | undefined;
  /** What they have looked at, the latest first. */
  visited: readonly string[];
}

/** The most that a block holds, in bytes; with its tags it is 2 KiB. */
const maxBytes = 1980;

/** Preferences in the order in which they are told; others follow by their names. */
const told = ["name_to_use", "language", "tone", "formality", "verbosity", "avoid", "topics"];

const encoder = new TextEncoder();

/** Values in JSON, so that none of them can begin a line of its own. */
const line = (name: string, value: unknown): string => `${name}: ${JSON.stringify(value)}`;

/**
 * What a prompt is told of a person, as data: in an order that never changes, so that what was read once is known the next
 * time, and as much as there is room for. Empty where nothing is known.
 */
export function personBlock({
  preferences,
  facts,
  interests,
  timeZone,
  country,
  visited,
}: KnownPerson): string {
  const rank = (name: string) => (told.includes(name) ? told.indexOf(name) : told.length);
  const liked = Object.entries(preferences).sort(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1));
  const lines = [
    ...liked.map(([name, value]) => line(JSON.stringify(name), value)),
    ...facts.map((fact) => line("fact", fact)),
    ...interests.map(({ topic }) => line("cares for", topic)),
    ...(timeZone === undefined ? [] : [line("time zone", timeZone)]),
    ...(country === undefined ? [] : [line("country", country)]),
    ...visited.map((page) => line("has looked at", page)),
  ];
  return fitting(lines);
}

/** Lines as far as there is room; a long one makes no room for it by leaving out what is told after it. */
function fitting(lines: readonly string[]): string {
  const kept: string[] = [];
  let bytes = 0;
  for (const one of lines) {
    const size = encoder.encode(one).length + 1;
    if (bytes + size > maxBytes) continue;
    kept.push(one);
    bytes += size;
  }
  return kept.join("\n");
}
