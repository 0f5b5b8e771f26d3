import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { learnPairs, listBounds, NeighbourList } from "#src/recommendations/neighbours.ts";
import { PersonMemory } from "#src/recommendations/person-memory.ts";

const told = (list: NeighbourList) => {
  const all: [item: number, weight: number, persons: number][] = [];
  list.each((...one) => all.push(one));
  return all;
};

/** Persons who like items one after the other, and the lists that come of it. */
function learnt(likes: readonly { person: number; item: number }[]) {
  const lists = new Map<number, NeighbourList>();
  const persons = new Map<number, PersonMemory>();
  const listOf = (item: number) => {
    const list = lists.get(item) ?? new NeighbourList();
    lists.set(item, list);
    return list;
  };
  for (const { person, item } of likes) {
    const memory = persons.get(person) ?? new PersonMemory();
    persons.set(person, memory);
    const before = [...memory.liked];
    if (memory.like(item)) learnPairs(item, before, 1, listOf);
  }
  return [...lists]
    .map(([item, list]) => ({ item, neighbours: told(list) }))
    .sort((one, other) => one.item - other.item);
}

const like = fc.record({ person: fc.nat(4), item: fc.nat(12) });

describe("Neighbour lists", () => {
  it("hold what has been added, however it came, packed or not", () =>
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(300), fc.integer({ min: 1, max: 9 })), { maxLength: 200 }),
        (added) => {
          let list = new NeighbourList();
          const model = new Map<number, [number, number]>();
          for (const [item, weight] of added) {
            list.add(item, weight);
            const [sum, persons] = model.get(item) ?? [0, 0];
            model.set(item, [sum + weight, persons + 1]);
            list = new NeighbourList(list.packed());
          }
          const expected = [...model].map(([item, [sum, persons]]) => [item, sum, persons]);
          expect(told(list)).toEqual(expected.sort(([one], [other]) => Number(one) - Number(other)));
        },
      ),
    ));

  it("fit into 8 KB however many neighbours come, and keep the heaviest", () => {
    const list = new NeighbourList();
    for (let round = 0; round < 3; round++) for (let item = 0; item < 100; item++) list.add(item, 10);
    for (let item = 100; item <= 5000; item++) {
      list.add(item, 1);
      expect(list.packed().byteLength).toBeLessThanOrEqual(8192);
      expect(list.size).toBeLessThanOrEqual(listBounds.longest);
    }
    const kept = told(list);
    expect(kept.length).toBeGreaterThanOrEqual(listBounds.kept);
    expect(kept.slice(0, 100)).toEqual(Array.from({ length: 100 }, (_, item) => [item, 30, 3]));
  });

  it("are the same in whichever order the likes of different persons come", () =>
    fc.assert(
      fc.property(fc.array(like, { maxLength: 80 }), fc.infiniteStream(fc.nat(4)), (likes, chosen) => {
        const queues = [...Map.groupBy(likes, ({ person }) => person).values()].map((own) => [...own]);
        const shuffled: typeof likes = [];
        while (queues.some((queue) => queue.length > 0)) {
          const next = queues[chosen.next().value % queues.length]?.shift();
          if (next) shuffled.push(next);
        }
        expect(learnt(shuffled)).toEqual(learnt(likes));
      }),
    ));

  it("count a pair once for a person, however often they like the two", () =>
    fc.assert(
      fc.property(fc.array(like, { maxLength: 80 }), (likes) => {
        for (const { item, neighbours } of learnt(likes))
          for (const [other, weight, persons] of neighbours) {
            const likeBoth = [0, 1, 2, 3, 4].filter((person) =>
              [item, other].every((one) => likes.some((by) => by.person === person && by.item === one)),
            );
            expect([weight, persons]).toEqual([likeBoth.length, likeBoth.length]);
          }
      }),
    ));

  it("are not more than 51 for one like", () => {
    const touched = new Set<number>();
    const listOf = (item: number) => {
      touched.add(item);
      return new NeighbourList();
    };
    const memory = new PersonMemory();
    for (let item = 0; item < 300; item++) memory.like(item);
    learnPairs(300, memory.liked, 1, listOf);
    expect(touched.size).toBe(51);
  });
});
