import fc from "fast-check";
import { expect, it } from "vitest";
import { neutraliseFormula } from "#src/exports/neutralise-formula.ts";

it.each([
  "=1+1",
  "+1",
  "-1",
  "@SUM(A1)",
  "\t=1",
  "\tx",
  "\rx",
  "\nx",
  "  =1",
  '"=1',
  "'=1",
  "\u00a0=1",
  "\ufeff=1",
  "＝1",
  "＠x",
  "=cmd|'/C calc'!A0",
])("%j is shown and not run", (text) => {
  expect(neutraliseFormula(text)).toBe(`'${text}`);
});

it.each([
  "",
  "a=1",
  "somebody@test.example",
  "0199c1b2",
  "2026-01-01T00:00:00.000Z",
  "O'Neil",
  "a\tb",
  '"x"',
])("%j stays as it is", (text) => {
  expect(neutraliseFormula(text)).toBe(text);
});

it("leaves nothing that begins like a formula, whatever the text", () => {
  const lead = fc.array(fc.constantFrom(" ", "\t", '"', "\u00a0", "=", "+", "-", "@", "x"), { maxLength: 6 });
  fc.assert(
    fc.property(lead, fc.string(), (parts, rest) => {
      const text = parts.join("") + rest;
      const shown = neutraliseFormula(text);
      expect([text, `'${text}`]).toContain(shown);
      if (shown === text) expect(text).not.toMatch(/^[\s"']*[=+\-@]|^[\t\r\n]/);
    }),
  );
});
