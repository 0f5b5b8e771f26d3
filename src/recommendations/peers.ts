import type { Like, Recommender, Split } from "./evaluate.ts";

/** What recommendations are held against: other ways to make lists of the same likes. */

/** What most persons like. */
export function popular({ train }: Split): Recommender {
  const seen = likesByPerson(train);
  const counts = countsOf(train);
  return (person) => best(counts, new Set(seen.get(person)));
}

/** The cosine of items by their persons: all pairs, of all that a person ever liked. */
export function exactCosine({ train }: Split): Recommender {
  const seen = likesByPerson(train);
  const counts = countsOf(train);
  const together = new Map<number, Map<number, number>>();
  for (const liked of seen.values())
    for (const one of liked)
      for (const other of liked)
        if (one !== other) {
          const row = together.get(one) ?? new Map<number, number>();
          together.set(one, row.set(other, (row.get(other) ?? 0) + 1));
        }
  return (person) => {
    const scores = new Map<number, number>();
    for (const item of seen.get(person) ?? [])
      for (const [other, count] of together.get(item) ?? []) {
        const cosine = count / Math.sqrt((counts.get(item) ?? 1) * (counts.get(other) ?? 1));
        scores.set(other, (scores.get(other) ?? 0) + cosine);
      }
    return best(scores, new Set(seen.get(person)));
  };
}

/** EASE (Steck, 2019): a linear model of all items, solved at once; of so many items as its matrix is to have. */
export function ease(
  { train }: Split,
  { items: most, ridge }: { items: number; ridge: number },
): Recommender {
  const seen = likesByPerson(train);
  const items = [...countsOf(train)]
    .sort(([one, ones], [other, others]) => others - ones || one - other)
    .slice(0, most)
    .map(([item]) => item);
  const places = new Map(items.map((item, place) => [item, place]));
  const placesLiked = (person: string) =>
    [...(seen.get(person) ?? [])].flatMap((item) => places.get(item) ?? []);
  const gram = items.map((_, place) => {
    const row = new Float64Array(items.length);
    row[place] = ridge;
    return row;
  });
  for (const person of seen.keys()) {
    const liked = placesLiked(person);
    for (const one of liked) for (const other of liked) add(gram[one], other, 1);
  }
  const inverse = inverted(gram);
  return (person) => {
    const scores = new Map<number, number>();
    const liked = placesLiked(person);
    for (const [place, item] of items.entries()) {
      const own = inverse[place]?.[place] ?? 1;
      scores.set(
        item,
        liked.reduce((sum, from) => sum - (inverse[from]?.[place] ?? 0) / own, 0),
      );
    }
    return best(scores, new Set(seen.get(person)));
  };
}

/** Gauss and Jordan's elimination in place; the matrix is positive definite. */
function inverted(matrix: Float64Array[]): Float64Array[] {
  for (const [at, pivotRow] of matrix.entries()) {
    const pivot = pivotRow[at] ?? 1;
    pivotRow[at] = 1;
    for (let column = 0; column < pivotRow.length; column++)
      pivotRow[column] = (pivotRow[column] ?? 0) / pivot;
    for (const [other, row] of matrix.entries()) {
      const factor = row[at] ?? 0;
      if (other === at || factor === 0) continue;
      row[at] = 0;
      for (let column = 0; column < row.length; column++) add(row, column, -factor * (pivotRow[column] ?? 0));
    }
  }
  return matrix;
}

function add(row: Float64Array | undefined, place: number, value: number): void {
  if (row) row[place] = (row[place] ?? 0) + value;
}

function best(scores: ReadonlyMap<number, number>, seen: ReadonlySet<number>): number[] {
  return [...scores]
    .filter(([item]) => !seen.has(item))
    .sort(([one, ofOne], [other, ofOther]) => ofOther - ofOne || one - other)
    .slice(0, 10)
    .map(([item]) => item);
}

const likesByPerson = (likes: readonly Like[]): Map<string, Set<number>> =>
  new Map(
    [...Map.groupBy(likes, ({ person }) => person)].map(([person, own]) => [
      person,
      new Set(own.map(({ item }) => item)),
    ]),
  );

function countsOf(likes: readonly Like[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { item } of likes) counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts;
}
