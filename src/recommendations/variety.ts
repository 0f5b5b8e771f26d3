/** How much it counts against an item that it is like one chosen before. */
const likenessCounts = 0.1;

/**
 * Chooses from the best: each next one is the best of the rest that is also unlike those before (maximal marginal
 * relevance).
 * @param pool items with their scores, best first
 */
export function varied(
  pool: readonly { item: number; score: number }[],
  limit: number,
  likeness: (one: number, other: number) => number,
): { item: number; score: number }[] {
  const rest = pool.map((one) => ({ ...one, nearest: 0 }));
  const chosen: { item: number; score: number }[] = [];
  while (chosen.length < limit && rest.length > 0) {
    let next = 0;
    for (let place = 1; place < rest.length; place++)
      if (worth(rest[place]) > worth(rest[next])) next = place;
    const [taken] = rest.splice(next, 1);
    if (!taken) break;
    chosen.push({ item: taken.item, score: taken.score });
    if (chosen.length === limit) break;
    for (const one of rest) one.nearest = Math.max(one.nearest, likeness(one.item, taken.item));
  }
  return chosen;
}

const worth = (one: { score: number; nearest: number } | undefined): number =>
  one ? (1 - likenessCounts) * one.score - likenessCounts * one.nearest : Number.NEGATIVE_INFINITY;
