import fc from "fast-check";
import { expect, it } from "vitest";
import { plainText, WordLists } from "#src/conversations/word-lists.ts";

const has = (words: string[], text: string) => new WordLists([words]).firstIn(text) !== undefined;

const letters = [..."abcdefghijklmnopqrstuvwxyzßéñøåžščπσδжячłğı"];
const word = fc.string({ unit: fc.constantFrom(...letters), minLength: 1, maxLength: 8 });
const phrase = fc.array(word, { minLength: 1, maxLength: 4 });
const between = fc.stringMatching(/^[ .,;:!?()"\n\t-]{1,4}$/);
const spelling = fc.constantFrom(
  (text: string) => text,
  (text: string) => text.toUpperCase(),
  (text: string) => text.normalize("NFD"),
  (text: string) => [...text].join("\u00ad"),
  (text: string) => [...text].map((letter) => `${letter}\u0301`).join(""),
  (text: string) => `\u200b${text}\u200d`,
);

it("Words are found among others, whatever stands between them and however they are spelt", () => {
  fc.assert(
    fc.property(phrase, phrase, phrase, between, spelling, (before, sought, behind, gap, spelt) => {
      const text = [...before, ...sought.map(spelt), ...behind].join(gap);
      expect(has([sought.join(" ")], text)).toBe(true);
    }),
  );
});

it("What is found stands there as words of its own, in that order, and nothing else is found", () => {
  fc.assert(
    fc.property(phrase, phrase, (sought, said) => {
      const [looked, text] = [plainText(sought.join(" ")), plainText(said.join(" "))];
      expect(has([sought.join(" ")], said.join(" "))).toBe(` ${text} `.includes(` ${looked} `));
    }),
  );
  for (const [sought, text] of [
    ["ass", "A classic assessment"],
    ["nincompoop", "nincompoops"],
    ["two words", "two other words"],
    ["दिन", "दान"],
    ["か", "が"],
  ] as const)
    expect([sought, has([sought], text)]).toEqual([sought, false]);
});

it("In scripts without spaces words are found wherever they stand, also where something was put in between", () => {
  const han = fc.string({
    unit: fc.constantFrom(..."天地玄黄宇宙洪荒日月ไทยคำ"),
    minLength: 1,
    maxLength: 6,
  });
  fc.assert(
    fc.property(han, han, han, (before, sought, behind) => {
      expect(has([sought], `${before}${sought}${behind}`)).toBe(true);
      expect(has([sought], `abc ${[...sought].join(" ")}.`)).toBe(true);
    }),
  );
  expect(has(["宇宙"], "宙宇")).toBe(false);
});

it("Of several lists the first one that has something counts, and empty ones have nothing", () => {
  const lists = new WordLists([[], ["rude"], ["ruder", "rude"]]);
  expect(["a ruder, rude text", "a ruder text", "a text", ""].map((text) => lists.firstIn(text))).toEqual([
    1,
    2,
    undefined,
    undefined,
  ]);
});
