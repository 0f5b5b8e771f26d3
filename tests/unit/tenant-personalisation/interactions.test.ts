import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dayOf } from "#src/kernel/clock.ts";
import {
  dayMs,
  everyRow,
  inObject,
  interaction,
  itemOf,
  now,
  whatIsDue,
  wishFor,
} from "../../support/recommending-object.ts";

const ids = ["a", "b", "c", "d"];
const catalogue = ids.map((id) => itemOf(id));
const likers = ["ada", "ben", "cleo", "dan"];
const allLike = (itemIds: readonly string[], persons: readonly string[] = likers) =>
  persons.flatMap((person) => itemIds.map((id) => interaction(person, id)));
const recommendedTo = (person: string | null) => wishFor(person, { limit: 4 });

describe("What persons did", () => {
  it("counts once, however often and in whatever pieces it is told", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 6 }),
        async (sizes) => {
          const given = allLike(["a", "b", "c"]);
          const once = await inObject(({ itemDesk, interactionDesk }, storage) => {
            itemDesk.put(catalogue, now);
            interactionDesk.take(given, now);
            return everyRow(storage);
          });
          const often = await inObject(({ itemDesk, interactionDesk }, storage) => {
            itemDesk.put(catalogue, now);
            for (let [from, round] = [0, 0]; from < given.length; round++) {
              const size = sizes[round % sizes.length] ?? 1;
              interactionDesk.take(given.slice(0, from + size), now);
              from += size;
            }
            return everyRow(storage);
          });
          expect(often).toEqual(once);
        },
      ),
      { numRuns: 10 },
    ));

  it("is told as a duplicate when it comes again, of another person it is not one", () =>
    inObject(({ itemDesk, interactionDesk }) => {
      itemDesk.put(catalogue, now);
      const first = interaction("ada", "a", { id: "1" });
      expect(interactionDesk.take([first, first], now)).toEqual({ duplicates: [1], refused: [] });
      expect(interactionDesk.take([interaction("ben", "a", { id: "1" })], now).duplicates).toEqual([]);
    }));

  it("waits a day for an item that is not there yet, and counts when it comes", () =>
    inObject(async (parts) => {
      const { itemDesk, interactionDesk, shelf } = parts;
      interactionDesk.take([interaction("ada", "late"), interaction("ada", "never")], now);
      await whatIsDue(parts, now + dayMs - 1);
      itemDesk.put([itemOf("late")], now + dayMs - 1);
      expect(shelf.catalogue.entry(1)?.likes).toBeGreaterThan(0);
      await whatIsDue(parts, now + dayMs);
      itemDesk.put([itemOf("never")], now + dayMs);
      expect(shelf.catalogue.entry(2)?.likes).toBe(0);
    }));

  it("waits only while there is room, and says for what there is none", () =>
    inObject(({ interactionDesk }) => {
      const many = Array.from({ length: 2001 }, (_, place) => interaction(`p${place}`, "x"));
      expect(interactionDesk.take(many, now).refused).toEqual([2000]);
      expect(interactionDesk.take(many.slice(0, 3), now)).toEqual({ duplicates: [0, 1, 2], refused: [] });
    }));

  it("is nobody's where the person has not agreed to their history: it counts, and no row is theirs", () =>
    inObject(
      ({ itemDesk, interactionDesk, recommendingDesk }, storage) => {
        itemDesk.put(catalogue, now);
        interactionDesk.take([...allLike(["b", "c"]), interaction(null, "b", { id: "of nobody" })], now);
        const rows = everyRow(storage);
        expect(JSON.stringify(rows)).not.toContain('["ada');
        expect([rows.lists_a, rows.figures_a]).toEqual([[], []]);
        const { algorithm, items } = recommendingDesk.recommend(recommendedTo("ada"), now);
        expect(algorithm).toBe("popular");
        expect(items.slice(0, 2).map(({ item }) => item.id)).toEqual(["b", "c"]);
      },
      (_, purpose) => purpose !== "history",
    ));

  it("is kept of the last 500 for each person", () =>
    inObject(({ itemDesk, interactionDesk }, storage) => {
      itemDesk.put(catalogue, now);
      for (let round = 0; round < 7; round++) {
        const some = Array.from({ length: 100 }, (_, place) => {
          const at = now + round * 100 + place;
          return interaction("ada", "a", { id: `${at}`, type: "view", at });
        });
        interactionDesk.take(some, now);
      }
      const kept = everyRow(storage).interactions ?? [];
      expect(kept.length).toBeLessThanOrEqual(550);
      expect(kept.join()).toContain(`"${now + 699}"`);
      expect(kept.join()).not.toContain(`"${now}"`);
    }));

  it("writes at most 51 lists for one like, and four rows more", () =>
    inObject(({ itemDesk, interactionDesk }, _, written) => {
      const many = Array.from({ length: 100 }, (_, place) => itemOf(`i${place}`));
      itemDesk.put(many, now);
      interactionDesk.take(
        many.slice(0, 99).map(({ id }) => interaction("ada", id)),
        now,
      );
      written();
      interactionDesk.take([interaction("ada", "i99")], now);
      expect(written()).toBe(51 + 3);
      interactionDesk.take([interaction("ada", "i99")], now);
      expect(written()).toBe(0);
    }));
});

describe("A list", () => {
  it("names what others liked with what one likes, from three persons on, and nothing of theirs beside it", () =>
    inObject(({ itemDesk, interactionDesk, recommendingDesk }) => {
      itemDesk.put(catalogue, now - 30 * dayMs);
      interactionDesk.take(
        [...allLike(["a", "b"], likers.slice(0, 3)), ...allLike(["a", "c"], likers.slice(3))],
        now,
      );
      interactionDesk.take([interaction("eve", "a")], now);
      const { algorithm, items } = recommendingDesk.recommend(recommendedTo("eve"), now);
      expect(algorithm).toBe("personal");
      expect(items[0]?.item.id).toBe("b");
      expect(items[0]?.reasons).toContainEqual({ type: "because_you_liked", itemId: "a" });
      const ofC = items.find(({ item }) => item.id === "c");
      expect(ofC?.reasons).not.toContainEqual(expect.objectContaining({ type: "because_you_liked" }));
      for (const person of likers) expect(JSON.stringify(items)).not.toContain(person);
    }));

  it("uses nothing of whoever has not agreed to it", () =>
    inObject(
      ({ itemDesk, interactionDesk, recommendingDesk }) => {
        itemDesk.put(catalogue, now - 30 * dayMs);
        interactionDesk.take([...allLike(["a", "b"]), interaction("eve", "a")], now);
        const { algorithm, items } = recommendingDesk.recommend(recommendedTo("eve"), now);
        expect(algorithm).toBe("popular");
        expect(items.map(({ item }) => item.id)).toContain("a");
        expect(JSON.stringify(items)).not.toContain("because_you_liked");
      },
      (personId, purpose) => !(personId === "eve" && purpose === "personalisation"),
    ));

  it("is counted when it is shown, and its clicks for seven days", () =>
    inObject(async (parts) => {
      const { itemDesk, interactionDesk, recommendingDesk, quality } = parts;
      itemDesk.put(catalogue, now);
      const wish = recommendedTo(null);
      recommendingDesk.shown(wish.requestId, recommendingDesk.recommend(wish, now), now);
      const click = (id: string) => interaction("ada", "a", { id, type: "click", requestId: wish.requestId });
      interactionDesk.take([click("1"), click("1")], now);
      const day = dayOf(now);
      const counted = { day, algorithm: "popular", lists: 1, impressions: 4, clicks: 1 };
      expect(quality.between(day, day)).toEqual([counted]);
      await whatIsDue(parts, now + 8 * dayMs);
      interactionDesk.take([click("2")], now + 8 * dayMs);
      expect(quality.between(day, day)).toEqual([counted]);
    }));
});
