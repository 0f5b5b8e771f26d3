import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { digitsOf, minorUnits, money } from "#console/parts/money.ts";

describe("Money", () => {
  it("is told in the currency's own units", () => {
    expect(money({ amount: 1099, currency: "EUR" })).toMatch(/10[.,]99/);
    expect(money({ amount: 1099, currency: "JPY" })).toMatch(/1[.,]?099/);
  });

  it("is read as it is written, in minor units", () => {
    fc.assert(
      fc.property(fc.nat(10 ** 9), fc.constantFrom("EUR", "JPY", "KWD"), (amount, currency) => {
        const digits = digitsOf(currency);
        expect(minorUnits((amount / 10 ** digits).toFixed(digits), currency)).toBe(amount);
      }),
    );
  });

  it.each(["", "ten", "-1", "1.999", "1e3", "1,2,3", "."])("%j is no amount", (text) => {
    expect(minorUnits(text, "EUR")).toBeUndefined();
  });

  it("needs no more digits than are written", () => {
    expect(["5", "5.", "5,5", " 05.50 "].map((text) => minorUnits(text, "EUR"))).toEqual([
      500, 500, 550, 550,
    ]);
  });
});
