import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { z } from "zod";
import type { CatalogueItem } from "#src/recommendations/catalogue.ts";
import {
  type Like,
  lastFifthHeld,
  newcomersHeld,
  type Quality,
  qualityOf,
  type Recommender,
  type Split,
  streaming,
  undecayed,
  type World,
} from "#src/recommendations/evaluate.ts";
import { ease, exactCosine, popular } from "#src/recommendations/peers.ts";
import { beginning } from "#src/recommendations/scale.ts";

/** What recommendations should be worth, beside other ways to make them, and how much of a catalogue they show. */
const floors = { popular: 1.4, cosine: 1.05, ease: 0.9, coverage: 0.07 };

/** A rating from which on it is a like. */
const likedFrom = 4;

const easeItems = 1200;

const ratingsSchema = z.array(
  z.object({
    userId: z.string(),
    movieId: z.string(),
    rating: z.coerce.number(),
    timestamp: z.coerce.number(),
  }),
);
const moviesSchema = z.array(z.object({ movieId: z.string(), title: z.string(), genres: z.string() }));

/** A folder of the form of MovieLens: `ratings.csv` and `movies.csv`. */
function worldIn(folder: string): World {
  const rowsOf = (name: string): unknown =>
    parse(readFileSync(join(folder, name)), { columns: true, bom: true, skip_empty_lines: true });
  const movies = moviesSchema.parse(rowsOf("movies.csv"));
  const numbers = new Map(movies.map(({ movieId }, number) => [movieId, number]));
  const likes = ratingsSchema
    .parse(rowsOf("ratings.csv"))
    .flatMap(({ userId, movieId, rating, timestamp }): Like[] => {
      const item = numbers.get(movieId);
      return item === undefined || rating < likedFrom ? [] : [{ person: userId, item, at: timestamp * 1000 }];
    });
  return { items: movies.map(itemOf), likes };
}

function itemOf(
  { movieId, title, genres }: z.infer<typeof moviesSchema>[number],
  number: number,
): CatalogueItem {
  const [, name = title, year] = /^(.*) \((\d{4})\)$/.exec(title.trim()) ?? [];
  return {
    number,
    id: movieId,
    title: name,
    tags: genres === "(no genres listed)" ? [] : genres.split("|"),
    attributes: year === undefined ? {} : { decade: year.slice(0, 3) },
    available: true,
    addedAt: beginning,
  };
}

/** `npm run bench -- --recommend <folder>`: how well the lists foresee what persons liked last, and what others make of it. */
export function recommendReport(folder: string): string {
  const world = worldIn(folder);
  const split = lastFifthHeld(world);
  const newcomers = newcomersHeld(world, 3);
  const rows = [
    measured("popular", split, popular),
    measured("item cosine, exact, all history", split, exactCosine),
    measured(`EASE, of the ${easeItems} most liked`, split, (of) =>
      ease(of, { items: easeItems, ridge: 100 }),
    ),
    measured("this", split, (of) => streaming(of, { weightOf: undecayed })),
    measured("this, old likes fading", split, (of) => streaming(of)),
    measured("this, lists not cut", split, (of) => streaming(of, { weightOf: undecayed, bounds: uncut })),
    measured("newcomers after 3 likes: popular", newcomers, popular),
    measured("newcomers after 3 likes: this", newcomers, (of) => streaming(of, { weightOf: undecayed })),
  ] as const;
  const [ofPopular, ofCosine, ofEase, own] = rows;
  const ratios = [
    ["× popular", own.ndcg / ofPopular.ndcg, floors.popular],
    ["× item cosine", own.ndcg / ofCosine.ndcg, floors.cosine],
    ["× EASE", own.ndcg / ofEase.ndcg, floors.ease],
    ["coverage", own.coverage, floors.coverage],
  ] as const;
  return [
    `${split.train.length} likes known, of ${split.held.size} persons some held out, ${world.items.length} items`,
    "",
    "| | NDCG@10 | hit@10 | coverage | ms a list |",
    "|---|---|---|---|---|",
    ...rows.map(
      ({ name, ndcg, hit, coverage, ms }) =>
        `| ${name} | ${ndcg.toFixed(3)} | ${hit.toFixed(2)} | ${coverage.toFixed(2)} | ${ms.toFixed(1)} |`,
    ),
    "",
    "| this | measured | floor | met |",
    "|---|---|---|---|",
    ...ratios.map(
      ([what, value, floor]) =>
        `| ${what} | ${value.toFixed(2)} | ≥ ${floor} | ${value >= floor ? "yes" : "**no**"} |`,
    ),
  ].join("\n");
}

const uncut = { longest: 1_000_000, kept: 1_000_000 };

function measured(
  name: string,
  split: Split,
  make: (split: Split) => Recommender,
): Quality & { name: string; ms: number } {
  const recommender = make(split);
  const began = performance.now();
  const quality = qualityOf(split, recommender);
  return { name, ...quality, ms: (performance.now() - began) / Math.max(1, split.held.size) };
}
