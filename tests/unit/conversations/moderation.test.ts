import { expect, it } from "vitest";
import { Moderation, type Rule } from "#src/conversations/moderation.ts";

const rule = (name: string, action: Rule["action"], given: Partial<Rule>): Rule => ({
  ...{ name, action, words: [], pattern: null },
  ...given,
});

const said = (rules: Rule[], text: string) => {
  const judged = new Moderation(rules).judge(text);
  return judged && [judged.rule.name, judged.action];
};

it("Of several rules that a text fits the gravest decides, by words or by pattern", () => {
  const rules = [
    rule("told", "flag", { words: ["tea"] }),
    rule("kept", "hold", { pattern: "\\d{4}" }),
    rule("refused", "refuse", { words: ["cake"], pattern: "^coffee" }),
  ];
  expect(said(rules, "Some tea")).toEqual(["told", "flag"]);
  expect(said(rules, "Some tea at 1234")).toEqual(["kept", "hold"]);
  expect(said(rules, "Some tea, and cake at 1234")).toEqual(["refused", "refuse"]);
  expect(said(rules, "coffee")).toEqual(["refused", "refuse"]);
  expect(said(rules, "Water")).toBeUndefined();
  expect(said([], "Water")).toBeUndefined();
});

it("A pattern that would take too long is not tried: somebody is told to look at the text", () => {
  const slow = rule("slow", "refuse", { pattern: "(a{1,30}b{1,30}c?){1,20}!" });
  const quick = rule("quick", "flag", { words: ["aab"] });
  expect(said([slow], "aab")).toBeUndefined();
  expect(said([slow, quick], "aab ".repeat(8000))).toEqual(["quick", "flag"]);
  expect(said([slow], "aab ".repeat(8000))).toEqual(["slow", "flag"]);
});
