import type { Interest } from "#src/objects/contexts-api.ts";

/** That a person has shown to care for a topic, at a time. */
export interface Mark {
  topic: string;
  /** Epoch milliseconds. */
  at: number;
}

/** Age in which a mark loses half of what it weighs. */
const halfLifeMs = 30 * 86_400_000;

/** The most that are told. */
const maxInterests = 20;

/**
 * What a person cares for, most of all first: a topic weighs what its marks do, of which each loses by age. The weights of
 * all that are told add up to 1.
 */
export function interestsOf(marks: readonly Mark[], now: number): Interest[] {
  const weights = new Map<string, number>();
  for (const { topic, at } of marks) {
    const name = topic.trim().toLowerCase();
    if (name === "") continue;
    const weight = 2 ** (-Math.max(0, now - at) / halfLifeMs);
    weights.set(name, (weights.get(name) ?? 0) + weight);
  }
  const heaviest = [...weights]
    .map(([topic, weight]) => ({ topic, weight }))
    .sort((a, b) => b.weight - a.weight || (a.topic < b.topic ? -1 : 1))
    .slice(0, maxInterests);
  const sum = heaviest.reduce((total, { weight }) => total + weight, 0);
  // All marks may be so old that they weigh nothing.
  return sum === 0 ? [] : heaviest.map(({ topic, weight }) => ({ topic, weight: weight / sum }));
}
