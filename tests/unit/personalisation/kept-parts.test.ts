import { describe, expect, it } from "vitest";
import {
  amendedPreferences,
  haveRoom,
  keptLocation,
  keptPages,
  keptUrl,
} from "#src/personalisation/kept-parts.ts";
import { segmentsOf } from "#src/personalisation/segments.ts";

describe("An address is kept", () => {
  it.each([
    ["https://ada:secret@shop.example/tea", "https://shop.example/tea"],
    ["https://shop.example/tea?token=abc&q=green&page=2#basket", "https://shop.example/tea?q=green&page=2"],
    ["https://shop.example/?email=ada%40example.com&email=x", "https://shop.example/"],
    ["https://shop.example/?Q=green&session=1", "https://shop.example/?Q=green"],
  ])("%s as %s", (address, kept) => {
    expect(keptUrl(address)).toBe(kept);
  });
});

it("Of pages the newest 200 are kept, the newest first", () => {
  const pages = Array.from({ length: 250 }, (_, number) => ({
    item_id: `item-${number}`,
    action: "view",
    at: new Date(number * 1000).toISOString(),
  }));
  const kept = keptPages(pages);
  expect(kept).toHaveLength(200);
  expect([kept[0]?.item_id, kept[199]?.item_id]).toEqual(["item-249", "item-50"]);
});

it("A place is kept to a tenth of a degree", () => {
  const place = { country: "AT", source: "declared" as const };
  expect(keptLocation({ ...place, latitude: 48.20817, longitude: -16.37 })).toEqual({
    ...place,
    latitude: 48.2,
    longitude: -16.4,
  });
  expect(keptLocation(place)).toEqual(place);
});

describe("Preferences", () => {
  it("are changed by their fields; null takes one away, and what nobody knows is kept", () => {
    const before = { language: "en", favourite_mug: "blue", topics: ["tea"] };
    expect(amendedPreferences(before, { language: null, verbosity: "short" })).toEqual({
      favourite_mug: "blue",
      topics: ["tea"],
      verbosity: "short",
    });
  });

  it("have room for four KiB, counted in bytes", () => {
    expect(haveRoom({ note: "x".repeat(4085) })).toBe(true);
    expect(haveRoom({ note: "x".repeat(4086) })).toBe(false);
    expect(haveRoom({ note: "ü".repeat(2043) })).toBe(false);
  });
});

it("Segments follow from what a profile says", () => {
  const location = { country: "AT", source: "edge" as const };
  expect(segmentsOf({ location, preferences: { language: "de-AT", topics: ["Tea"] } })).toEqual([
    "country:AT",
    "language:de",
    "topic:tea",
  ]);
  expect(segmentsOf({ location: null, preferences: {} })).toEqual([]);
});
