import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Catalogue, type CatalogueItem } from "#src/recommendations/catalogue.ts";
import { NeighbourList } from "#src/recommendations/neighbours.ts";
import { PersonMemory } from "#src/recommendations/person-memory.ts";
import { recommend, type Wish } from "#src/recommendations/recommend.ts";
import { weightAt } from "#src/recommendations/scale.ts";
import { varied } from "#src/recommendations/variety.ts";

const now = Date.UTC(2026, 5, 1);
const dayMs = 86_400_000;

const itemOf = (number: number, more: Partial<CatalogueItem> = {}): CatalogueItem => ({
  number,
  id: `i${number}`,
  title: `Item ${number}`,
  tags: [`tag-${number % 3}`],
  attributes: {},
  available: true,
  addedAt: now - 30 * dayMs,
  ...more,
});

const wish = (more: Partial<Wish> = {}): Wish => ({ limit: 5, explores: false, seed: "seed", now, ...more });

/** A catalogue in which items, by number, have been liked by so many persons. */
function catalogueOf(
  items: readonly CatalogueItem[],
  likes: (number: number) => number = () => 0,
): Catalogue {
  const catalogue = new Catalogue();
  for (const item of items) {
    const weight = likes(item.number) * weightAt(now);
    catalogue.put(item, { likes: weight, popularity: weight, views: 0, clicks: 0 });
  }
  return catalogue;
}

function neighbour(item: number, persons: number): NeighbourList {
  const list = new NeighbourList();
  for (let person = 0; person < persons; person++) list.add(item, weightAt(now));
  return list;
}

function personWho(liked: readonly number[], seen: readonly number[] = []): PersonMemory {
  const person = new PersonMemory();
  for (const item of liked) person.like(item);
  for (const item of seen) person.see(item);
  return person;
}

const numbers = (found: ReturnType<typeof recommend>) => found.items.map(({ entry }) => entry.number);
const noLists = () => undefined;

describe("Recommendations", () => {
  const anything = fc.record({
    items: fc.array(
      fc.record({
        available: fc.boolean(),
        expires: fc.option(fc.integer({ min: -5, max: 5 }), { nil: undefined }),
        age: fc.integer({ min: 0, max: 20 }),
        language: fc.constantFrom(undefined, "de", "en-GB"),
        likes: fc.nat(9),
      }),
      { maxLength: 40 },
    ),
    liked: fc.array(fc.nat(45), { maxLength: 8 }),
    seen: fc.array(fc.nat(45), { maxLength: 8 }),
    exclude: fc.array(fc.nat(45), { maxLength: 8 }),
    tags: fc.subarray(["tag-0", "tag-1"]),
    language: fc.constantFrom(undefined, "en"),
    query: fc.constantFrom(undefined, "item 3", "tag", ""),
    limit: fc.integer({ min: 1, max: 50 }),
    seed: fc.string(),
    explores: fc.boolean(),
  });

  const made = (given: typeof anything extends fc.Arbitrary<infer Given> ? Given : never) => {
    const items = given.items.map(({ expires, age, available, language }, number) =>
      itemOf(number, {
        available,
        language,
        addedAt: now - age * dayMs,
        expiresAt: expires === undefined ? undefined : now + expires * dayMs,
      }),
    );
    const catalogue = catalogueOf(items, (number) => given.items[number]?.likes ?? 0);
    const person = personWho(given.liked, given.seen);
    const exclude = new Set(given.exclude);
    const { limit, seed, explores, tags, language, query } = given;
    const asked = wish({ limit, seed, explores, tags, language, query, person, exclude });
    return { asked, items, find: () => recommend(catalogue, (item) => neighbour((item * 7) % 40, 4), asked) };
  };

  it("are never what was seen, is excluded, gone or not to be had; nothing comes twice, and not more than asked for", () =>
    fc.assert(
      fc.property(anything, (given) => {
        const { find, items } = made(given);
        const list = numbers(find());
        expect(list.length).toBeLessThanOrEqual(given.limit);
        expect(new Set(list).size).toBe(list.length);
        for (const number of list) {
          const item = items[number];
          expect(item?.available).toBe(true);
          expect(item?.expiresAt ?? Number.POSITIVE_INFINITY).toBeGreaterThan(now);
          expect([...given.liked, ...given.seen, ...given.exclude]).not.toContain(number);
          if (given.tags.length > 0) expect(given.tags).toContain(item?.tags[0]);
          if (given.language) expect([undefined, "en-GB"]).toContain(item?.language);
        }
      }),
    ));

  it("are the same for the same state, wish and seed", () =>
    fc.assert(
      fc.property(anything, (given) => {
        expect(made(given).find()).toEqual(made(given).find());
      }),
    ));

  it("fill the list wherever enough may be in it", () => {
    const catalogue = catalogueOf(
      Array.from({ length: 40 }, (_, number) => itemOf(number, { addedAt: now })),
    );
    for (const explores of [true, false])
      expect(numbers(recommend(catalogue, noLists, wish({ limit: 30, explores })))).toHaveLength(30);
  });

  it("name a neighbour only when three persons made it one, and say by which liked item", () => {
    const catalogue = catalogueOf([itemOf(0), itemOf(1), itemOf(2)], () => 3);
    const person = personWho([0]);
    const of = (persons: number) => recommend(catalogue, () => neighbour(2, persons), wish({ person })).items;
    const reasonsOf = (persons: number) => of(persons).find(({ entry }) => entry.number === 2)?.reasons ?? [];
    expect(reasonsOf(2).map(({ type }) => type)).not.toContain("because_you_liked");
    expect(reasonsOf(3)).toContainEqual({ type: "because_you_liked", item: 0 });
    expect(of(3)[0]?.entry.number).toBe(2);
  });

  it("follow what is asked for, and say which tags match", () => {
    const catalogue = catalogueOf([itemOf(0), itemOf(1, { tags: ["Tea"] }), itemOf(2)], () => 1);
    const found = recommend(catalogue, noLists, wish({ query: "green tea, please" }));
    expect(found.algorithm).toBe("personal");
    expect(found.items[0]?.entry.number).toBe(1);
    expect(found.items[0]?.reasons).toContainEqual({ type: "matches", terms: ["Tea"] });
  });

  it("are what is popular for somebody of whom nothing is known", () => {
    const catalogue = catalogueOf([itemOf(0), itemOf(1), itemOf(2)], (number) => number);
    const found = recommend(catalogue, noLists, wish());
    expect(found.algorithm).toBe("popular");
    expect(numbers(found)).toEqual([2, 1, 0]);
    expect(found.items[0]?.reasons).toEqual([{ type: "popular" }]);
    expect(numbers(recommend(catalogue, noLists, wish({ person: new PersonMemory() })))).toEqual([2, 1, 0]);
  });

  it("are none of an empty catalogue", () => {
    expect(recommend(new Catalogue(), noLists, wish({ explores: true })).items).toEqual([]);
  });

  it("are varied: of what is as good, what is unlike the ones before comes first", () => {
    const pool = [
      { item: 0, score: 1 },
      { item: 1, score: 0.99 },
      { item: 2, score: 0.9 },
      { item: 3, score: 0.3 },
    ];
    const alike = (one: number, other: number) => (one + other === 1 ? 1 : 0);
    expect(varied(pool, 3, alike).map(({ item }) => item)).toEqual([0, 2, 1]);
    expect(varied(pool, 9, () => 0)).toEqual(pool);
  });

  it("give a tenth of the places to young items, and say that they are new", () => {
    const old = Array.from({ length: 100 }, (_, number) => itemOf(number));
    const young = Array.from({ length: 20 }, (_, place) => itemOf(100 + place, { addedAt: now - dayMs }));
    const catalogue = catalogueOf([...old, ...young], (number) => (number < 100 ? 9 : 0));
    const news = (limit: number, seed: string) =>
      recommend(catalogue, noLists, wish({ limit, seed, explores: true })).items.filter(
        ({ entry, reasons }) => entry.number >= 100 && reasons[0]?.type === "new",
      ).length;
    expect(news(20, "a")).toBe(2);
    const all = Array.from({ length: 400 }, (_, seed) => news(5, `seed ${seed}`));
    expect(all.every((count) => count <= 1)).toBe(true);
    const share = all.filter((count) => count === 1).length / all.length;
    expect(share).toBeGreaterThan(0.4);
    expect(share).toBeLessThan(0.6);
  });

  it("try most what has been clicked most when it was shown", () => {
    const old = Array.from({ length: 20 }, (_, place) => itemOf(2 + place));
    const young = [0, 1].map((number) => itemOf(number, { addedAt: now }));
    const catalogue = catalogueOf([...young, ...old], (number) => (number < 2 ? 0 : 9));
    catalogue.count(0, { views: 40, clicks: 1 });
    catalogue.count(1, { views: 40, clicks: 20 });
    const first = Array.from({ length: 100 }, (_, seed) => {
      const found = recommend(catalogue, noLists, wish({ limit: 10, seed: `${seed}`, explores: true }));
      return found.items.find(({ reasons }) => reasons[0]?.type === "new")?.entry.number;
    });
    expect(first.filter((number) => number === 1).length).toBeGreaterThan(95);
  });

  it("let old likes fade: what is liked now is more popular than what was liked as often long ago", () => {
    const catalogue = catalogueOf([itemOf(0), itemOf(1)]);
    catalogue.count(0, { popularity: 3 * weightAt(now - 180 * dayMs) });
    catalogue.count(1, { popularity: weightAt(now) });
    expect(numbers(recommend(catalogue, noLists, wish()))).toEqual([1, 0]);
  });
});
