import type { CatalogueItem } from "./catalogue.ts";
import { chanceOf } from "./chance.ts";
import type { Like, World } from "./evaluate.ts";
import { beginning } from "./scale.ts";

const [persons, items, tastes] = [400, 600, 12];
const minuteMs = 60_000;

/**
 * A world from a seed: 400 persons, each of two tastes of twelve, like some of 600 items, mostly of their own tastes and
 * the popular ones more. Four of five items say by their tag of which taste they are.
 */
export function madeWorld(seed: string): World {
  const chance = chanceOf(seed);
  const below = (most: number) => Math.floor(chance() * most);
  const catalogue = Array.from({ length: items }, (_, number): CatalogueItem => {
    const tag = `taste-${chance() < 0.8 ? number % tastes : below(tastes)}`;
    const attributes = { decade: below(5) };
    return {
      number,
      id: `item-${number}`,
      title: "",
      tags: [tag],
      attributes,
      available: true,
      addedAt: beginning,
    };
  });
  const shelves = Array.from({ length: tastes }, (_, taste) => shelfOf(taste));
  const likes = Array.from({ length: persons }, (_, person): Like[] => {
    const own: [number, number] = [below(tastes), below(tastes)];
    const liked = new Set<number>();
    let at = beginning + person * 10 * minuteMs;
    return Array.from({ length: 8 + below(40) }, () => {
      const taste = chance() < 0.15 ? below(tastes) : own[chance() < 0.7 ? 0 : 1];
      const item = drawn(shelves[taste] ?? [], chance());
      at += below(1000) * minuteMs;
      return { person: `person-${person}`, item, at };
    }).filter(({ item }) => !liked.has(item) && liked.add(item));
  });
  return { items: catalogue, likes: likes.flat() };
}

/** A taste's items, each with how popular it is. */
const shelfOf = (taste: number) =>
  Array.from({ length: items / tastes }, (_, rank) => ({
    item: taste + rank * tastes,
    weight: (1 + rank) ** -0.6,
  }));

function drawn(shelf: readonly { item: number; weight: number }[], chance: number): number {
  let left = chance * shelf.reduce((sum, { weight }) => sum + weight, 0);
  for (const { item, weight } of shelf) {
    left -= weight;
    if (left <= 0) return item;
  }
  return shelf[0]?.item ?? 0;
}
