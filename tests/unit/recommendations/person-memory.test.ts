import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PersonMemory } from "#src/recommendations/person-memory.ts";

describe("What is remembered of a person", () => {
  it("is the same when it has been packed in between", () =>
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom("see", "like", "dislike"), fc.nat(80)), { maxLength: 200 }),
        (acts) => {
          const whole = new PersonMemory();
          let packed = new PersonMemory();
          for (const [act, item] of acts) {
            expect(packed[act](item)).toBe(whole[act](item));
            packed = new PersonMemory(packed.packed());
          }
          expect(packed.liked).toEqual(whole.liked);
          expect(packed.packed()).toEqual(whole.packed());
        },
      ),
    ));

  it("is the last 50 that they liked, the newest last, each once", () => {
    const memory = new PersonMemory();
    for (let item = 0; item < 60; item++) memory.like(item);
    memory.like(30);
    memory.dislike(40);
    expect(memory.liked).toHaveLength(49);
    expect(memory.liked.at(-1)).toBe(30);
    expect(memory.liked).not.toContain(40);
    expect(memory.liked[0]).toBe(10);
  });

  it("teaches once by an item, also when thousands of others came between", () => {
    let memory = new PersonMemory();
    expect(memory.like(1)).toBe(true);
    for (let item = 2; item <= 12_000; item++) memory.see(item);
    memory = new PersonMemory(memory.packed());
    expect(memory.like(1)).toBe(false);
    expect(memory.liked).toEqual([1]);
  });

  it("is all that they have seen, of thousands too, in a bounded room", () => {
    const memory = new PersonMemory();
    for (let item = 0; item < 15_000; item++) memory.see(item);
    for (let item = 0; item < 15_000; item++) expect(memory.hasSeen(item)).toBe(true);
    const { seen, filter } = memory.packed();
    expect(seen.byteLength + filter.byteLength).toBeLessThanOrEqual(4 * 5000 + 8192);
    const others = Array.from({ length: 1000 }, (_, item) => item + 20_000);
    expect(others.filter((item) => memory.hasSeen(item)).length).toBeLessThan(300);
  });
});
