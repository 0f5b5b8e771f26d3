import { describe, expect, it } from "vitest";
import { hasPlace, type PlaceHolder } from "#src/conversations/places.ts";

const sockets = (count: number, personId: string, as: PlaceHolder["as"]): PlaceHolder[] =>
  Array.from({ length: count }, () => ({ personId, as }));
const staff = (count: number): PlaceHolder[] =>
  Array.from({ length: count }, (_, number) => ({ personId: `staff-${number % 10}`, as: "staff" as const }));

const owner: PlaceHolder = { personId: "owner", as: "owner" };
const another: PlaceHolder = { personId: "another", as: "staff" };

describe("A place to hear a conversation from", () => {
  it.each([
    { taken: [], who: owner, is: true, says: "the first has one" },
    { taken: sockets(19, "owner", "owner"), who: owner, is: true, says: "a person has twenty" },
    { taken: sockets(20, "owner", "owner"), who: owner, is: false, says: "and no more" },
    { taken: sockets(20, "owner", "owner"), who: another, is: true, says: "which takes none from others" },
    { taken: staff(79), who: another, is: true, says: "the staff have eighty together" },
    { taken: staff(80), who: another, is: false, says: "and no more" },
    { taken: staff(80), who: owner, is: true, says: "so that the owner always finds one" },
    {
      taken: [...staff(80), ...sockets(20, "guest", "owner")],
      who: owner,
      is: false,
      says: "a hundred are all",
    },
  ])("$says", ({ taken, who, is }) => {
    expect(hasPlace(taken, who)).toBe(is);
  });
});
