import { expect, it } from "vitest";
import { ruleOf, wordsOf } from "#console/pages/moderation/rule-form.ts";

const formOf = (fields: Record<string, string>): FormData => {
  const form = new FormData();
  const whole = { name: "Insults", words: "", pattern: "", action: "flag", ...fields };
  for (const [name, value] of Object.entries(whole)) form.set(name, value);
  return form;
};

it("Words stand one in a line; several in one are looked for as such, and empty lines are none", () => {
  expect(wordsOf(" nincompoop\r\n\n  silly goose \n")).toEqual(["nincompoop", "silly goose"]);
});

it("A rule has a pattern where one is written, and a time where it bans", () => {
  expect(ruleOf(formOf({ words: "nincompoop" }))).toEqual({
    ...{ name: "Insults", words: ["nincompoop"], pattern: null, action: "flag", ban_seconds: null },
  });
  expect(ruleOf(formOf({ pattern: "\\d{4}", action: "refuse", minutes: "5" }))).toMatchObject({
    ...{ words: [], pattern: "\\d{4}", ban_seconds: null },
  });
  expect(ruleOf(formOf({ action: "ban", minutes: "1.5" })).ban_seconds).toBe(90);
  expect(ruleOf(formOf({ action: "ban", minutes: "" })).ban_seconds).toBeNull();
});
