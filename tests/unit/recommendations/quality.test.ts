import { describe, expect, it } from "vitest";
import { lastFifthHeld, newcomersHeld, qualityOf, streaming } from "#src/recommendations/evaluate.ts";
import { madeWorld } from "#src/recommendations/made-world.ts";
import { exactCosine, popular } from "#src/recommendations/peers.ts";

/** 400 persons, 600 items, 12 tastes: what recommendations have to be worth there, of any seed. */
describe.each(["one", "two"])("In the made world of seed %s", (seed) => {
  const world = madeWorld(seed);
  const split = lastFifthHeld(world);
  const own = qualityOf(split, streaming(split));

  it("they foresee four times as well as what is popular, and for others than a few items", () => {
    expect(own.ndcg).toBeGreaterThanOrEqual(4 * qualityOf(split, popular(split)).ndcg);
    expect(own.coverage).toBeGreaterThan(0.3);
  });

  it("they foresee as well as the exact cosine of all that everybody ever liked", () => {
    expect(own.ndcg).toBeGreaterThanOrEqual(0.95 * qualityOf(split, exactCosine(split)).ndcg);
  });

  it("they foresee better than what is popular from three likes on", () => {
    const newcomers = newcomersHeld(world, 3);
    const ofNewcomers = qualityOf(newcomers, streaming(newcomers));
    expect(ofNewcomers.ndcg).toBeGreaterThanOrEqual(1.3 * qualityOf(newcomers, popular(newcomers)).ndcg);
  });

  it("lists that are cut foresee as well as whole ones, within 2 %", () => {
    // As many of 600 items as 400 are of the catalogue of 5 000 for which the bounds were chosen.
    const cut = qualityOf(split, streaming(split, { bounds: { longest: 96, kept: 48 } }));
    expect(cut.ndcg).toBeGreaterThanOrEqual(0.98 * own.ndcg);
  });
});

it("A made world is the same of the same seed, and another of another", () => {
  expect(madeWorld("one")).toEqual(madeWorld("one"));
  expect(madeWorld("one").likes).not.toEqual(madeWorld("two").likes);
});
