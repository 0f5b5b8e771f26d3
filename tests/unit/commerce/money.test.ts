import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromDecimal, minorDigits, moneySchema } from "#src/commerce/money.ts";
import { totalsOf } from "#src/commerce/orders/order-totals.ts";

describe("Money", () => {
  it.each([
    ["EUR", 2],
    ["JPY", 0],
    ["KWD", 3],
  ])("%s has %i digits behind the point", (currency, digits) => {
    expect(minorDigits(currency)).toBe(digits);
  });

  it.each([
    [10.99, "EUR", 1099],
    [0, "EUR", 0],
    [1e-7, "EUR", undefined],
    [10.999, "EUR", undefined],
    [10, "JPY", 10],
    [10.5, "JPY", undefined],
    [1.005, "KWD", 1005],
    [-1, "EUR", undefined],
    [1e21, "EUR", undefined],
    [Number.MAX_SAFE_INTEGER, "EUR", undefined],
  ])("%d %s is %s of the smallest unit, where it is that exactly", (value, currency, amount) => {
    expect(fromDecimal(value, currency)).toBe(amount);
  });

  it("that is written with a point comes back as it was", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000_000_000 }), (amount) => {
        expect(fromDecimal(Number((amount / 100).toFixed(2)), "EUR")).toBe(amount);
      }),
    );
  });

  it.each([
    [{ amount: 1.5, currency: "EUR" }],
    [{ amount: -1, currency: "EUR" }],
    [{ amount: 2 ** 53, currency: "EUR" }],
    [{ amount: 1, currency: "eur" }],
    [{ amount: 1, currency: "XYZ" }],
    [{ amount: "1", currency: "EUR" }],
  ])("is refused as %j", (money) => {
    expect(moneySchema.safeParse(money).success).toBe(false);
  });
});

describe("What an order comes to", () => {
  const line = fc.record({
    quantity: fc.integer({ min: 1, max: 10_000 }),
    unitPrice: fc.integer({ min: 0, max: 1_000_000 }),
  });
  const charge = fc.integer({ min: 0, max: 1_000_000 });

  it("is its lines, less the discount, with tax and shipping", () => {
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 1, maxLength: 100 }),
        charge,
        charge,
        charge,
        (lines, discount, tax, shipping) => {
          const exact = lines.reduce(
            (sum, { quantity, unitPrice }) => sum + BigInt(quantity) * BigInt(unitPrice),
            0n,
          );
          const totals = totalsOf(lines, { discount, tax, shipping });
          if (BigInt(discount) > exact) expect(totals).toBeUndefined();
          else
            expect(BigInt(totals?.total ?? -1)).toBe(
              exact - BigInt(discount) + BigInt(tax) + BigInt(shipping),
            );
        },
      ),
    );
  });

  it("is refused where it is more than is exact", () => {
    const lines = [{ quantity: 10_000, unitPrice: Number.MAX_SAFE_INTEGER }];
    expect(totalsOf(lines, { discount: 0, tax: 0, shipping: 0 })).toBeUndefined();
  });
});
