import { describe, expect, it } from "vitest";
import type { Fact } from "#src/objects/profiles-api.ts";
import { factsFor, forbiddenKind } from "#src/personalisation/facts.ts";

const day = 86_400_000;
const now = 1000 * day;
const fact = (text: string, at = now): Fact => ({
  id: text,
  text,
  source: { conversationId: null, messageId: null },
  confidence: 1,
  at,
  expiresAt: null,
});

describe("What is not kept of anybody", () => {
  it.each([
    ["health", "She was diagnosed with something"],
    ["health", "Hat Diabetes"],
    ["religion", "Is a practising Catholic"],
    ["politics", "Voted for the conservatives"],
    ["sexuality", "Is gay"],
    ["ethnicity", "Her ethnic background"],
    ["union", "Is a union member"],
    ["payment", "Pays with 4242 4242 4242 4242"],
    ["payment", "Account AT61 1904 3002 3457 3201"],
    ["secret", "The password is hunter2"],
    ["secret", "Uses sk-live_abcdefghijklmnop"],
    ["secret", "The ｐａｓｓｗｏｒｄ is hunter2"],
  ])("%s: %s", (kind, text) => {
    expect(forbiddenKind(text)).toBe(kind);
  });

  it.each([
    "Likes green tea",
    "Has two cats called Gayle and Pinto",
    "Lives in Vienna since 2019",
    "Works on order 1042 of 3 000",
    "Prefers short answers",
    "Mag grünen Tee",
  ])("but: %s", (text) => {
    expect(forbiddenKind(text)).toBeUndefined();
  });
});

describe("Facts that a prompt is told", () => {
  it("have words of the message, the ones that fit best first, of equal ones the newer", () => {
    const facts = [
      fact("Likes tea", now - 90 * day),
      fact("Green tea"),
      fact("Drinks tea"),
      fact("Has a cat"),
      fact("Drinks tea too", now - day),
    ];
    expect(factsFor(facts, "Which green tea?", now).map(({ text }) => text)).toEqual([
      "Green tea",
      "Drinks tea",
      "Drinks tea too",
      "Likes tea",
    ]);
  });

  it("are twenty at most, and none where none fits", () => {
    const many = Array.from({ length: 30 }, (_, number) => fact(`tea ${number}`));
    expect(factsFor(many, "tea", now)).toHaveLength(20);
    expect(factsFor(many, "coffee", now)).toEqual([]);
    expect(factsFor([], "tea", now)).toEqual([]);
  });
});
