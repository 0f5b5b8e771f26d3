import { describe, expect, it } from "vitest";
import type { GivenInteraction } from "#src/objects/recommendations-api.ts";
import { madeWorld } from "#src/recommendations/made-world.ts";
import {
  dayMs,
  everyRow,
  inObject,
  interaction,
  itemOf,
  type Parts,
  whatIsDue,
} from "../../support/recommending-object.ts";

const world = madeWorld("rebuild");
const items = world.items.map(({ id, tags }) => itemOf(id, { tags: [...tags] }));
const known = new Set(items.map(({ id }) => id));
const persons = new Set(world.likes.slice(0, 900).map(({ person }) => person));
const given: GivenInteraction[] = world.likes
  .filter(({ person }) => persons.has(person))
  .map(({ person, item, at }) => interaction(person, `item-${item}`, { at }))
  .filter(({ itemId }) => known.has(itemId));
const [canary = ""] = [...persons].sort();
const last = Math.max(...given.map(({ at }) => at));

const begin = ({ itemDesk, interactionDesk }: Parts, interactions: readonly GivenInteraction[]) => {
  itemDesk.put(items, last);
  for (let from = 0; from < interactions.length; from += 50)
    interactionDesk.take(interactions.slice(from, from + 50), last);
};
const dueAt = last + 7 * dayMs;

describe("What was learnt, built anew", () => {
  it("is what it would be had somebody who was erased never been there, byte by byte", async () => {
    const erased = await inObject(async (parts, storage) => {
      begin(parts, given);
      parts.interactionDesk.erase(canary);
      await whatIsDue(parts, dueAt);
      return everyRow(storage);
    });
    const without = await inObject(async (parts, storage) => {
      begin(
        parts,
        given.filter(({ personId }) => personId !== canary),
      );
      await whatIsDue(parts, dueAt);
      return everyRow(storage);
    });
    expect(erased).toEqual(without);
    expect(erased.lists_b?.length).toBeGreaterThan(100);
    expect(erased.lists_a).toEqual([]);
  });

  it("leaves a trace of them in the lists until then", () =>
    inObject((parts, storage) => {
      begin(parts, given);
      const before = everyRow(storage).lists_a;
      parts.interactionDesk.erase(canary);
      const { lists_a, ...rest } = everyRow(storage);
      expect(lists_a).toEqual(before);
      expect(JSON.stringify(rest)).not.toContain(`"${canary}"`);
    }));

  it("is without whoever is erased while it is built", async () => {
    const rows = await inObject(async (parts, storage) => {
      begin(parts, given);
      for (let part = 0; part < 2; part++) await parts.duties[0].run(dueAt);
      expect(everyRow(storage).learning?.join()).toContain("cursor");
      parts.interactionDesk.erase(canary);
      await whatIsDue(parts, dueAt);
      return everyRow(storage);
    });
    const without = await inObject(async (parts, storage) => {
      begin(
        parts,
        given.filter(({ personId }) => personId !== canary),
      );
      await whatIsDue(parts, dueAt);
      return everyRow(storage);
    });
    expect(rows).toEqual(without);
  });

  it("has what comes while it is built", async () => {
    const late = [...persons]
      .slice(0, 20)
      .map((person) => interaction(person, "item-1", { id: "late", at: dueAt }));
    const meanwhile = await inObject(async (parts, storage) => {
      begin(parts, given);
      for (let part = 0; part < 2; part++) await parts.duties[0].run(dueAt);
      parts.interactionDesk.take(late, dueAt);
      await whatIsDue(parts, dueAt);
      return everyRow(storage);
    });
    const before = await inObject(async (parts, storage) => {
      begin(parts, given);
      parts.interactionDesk.take(late, dueAt);
      await whatIsDue(parts, dueAt);
      return everyRow(storage);
    });
    expect(meanwhile.persons_b).toEqual(before.persons_b);
    expect(meanwhile.lists_b?.length).toBe(before.lists_b?.length);
  });

  it("recommends what it recommended before", () =>
    inObject(async (parts) => {
      begin(parts, given);
      const listFor = (personId: string) =>
        parts.recommendingDesk
          .recommend(
            { personId, limit: 5, query: null, language: null, tags: [], exclude: [], requestId: personId },
            dueAt + 7 * dayMs,
          )
          .items.map(({ item }) => item.id);
      const before = [...persons].slice(0, 10).map(listFor);
      await whatIsDue(parts, dueAt);
      expect([...persons].slice(0, 10).map(listFor)).toEqual(before);
    }));

  it("is done in parts, each of which writes a bounded number of rows", () =>
    inObject(async (parts, _, written) => {
      begin(parts, given);
      written();
      const sizes: number[] = [];
      const [rebuild] = parts.duties;
      while (rebuild.nextAt !== null && rebuild.nextAt <= dueAt) {
        await rebuild.run(dueAt);
        sizes.push(written());
      }
      expect(sizes.length).toBeGreaterThan(5);
      expect(Math.max(...sizes)).toBeLessThan(1500);
    }));

  it("lets go of what is older than 400 days", () =>
    inObject(async (parts, storage) => {
      begin(parts, given);
      await whatIsDue(parts, last + 401 * dayMs);
      const rows = everyRow(storage);
      expect([rows.interactions, rows.lists_a, rows.lists_b, rows.persons_a, rows.persons_b]).toEqual([
        [],
        [],
        [],
        [],
        [],
      ]);
    }));
});
