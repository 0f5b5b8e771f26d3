import { env } from "cloudflare:workers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { churnOf, type LedgerMonth, revenueOf } from "#src/analytics/dashboard/revenue.ts";

const none = { charged: 0, refunded: 0, began: 0, ended: 0 };
const months: LedgerMonth[] = [
  { ...none, month: "2026-09", charged: 5000, began: 6, ended: 1 },
  { ...none, month: "2026-10", charged: 9000, began: 3 },
  { month: "2026-11", charged: 12_345, refunded: 2345, began: 4, ended: 2 },
];

describe("Out of the ledger's months", () => {
  it("revenue is what was paid in a month less what was given back in it", () => {
    expect(revenueOf(months, "2026-11")).toBe(100);
    expect(revenueOf(months, "2026-12")).toBe(0);
    expect(revenueOf([{ ...none, month: "2026-11", refunded: 500 }], "2026-11")).toBe(-5);
  });

  it("churn is what ended of what was paid for when the month began", () => {
    expect(churnOf(months, "2026-11")).toBe(0.25);
    expect(churnOf(months, "2026-09")).toBe(0);
    expect(churnOf(months, "2026-12")).toBe(0);
    expect(churnOf([], "2026-11")).toBe(0);
  });
});

it("The months are what a recount of the ledger says, which is only ever added to", async () => {
  const entry = fc.record({
    kind: fc.constantFrom("charge", "refund", "began", "ended"),
    amount: fc.nat(100_000),
    currency: fc.constantFrom("usd", "usd", "eur"),
    at: fc.integer({ min: Date.UTC(2031, 0, 1), max: Date.UTC(2031, 5, 1) }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(entry, { minLength: 1, maxLength: 30 }), fc.uuid(), async (entries, run) => {
      const before = await monthsOf();
      const insert = env.DB.prepare(
        "INSERT OR IGNORE INTO payments (id, kind, user_id, external_id, amount, currency, at) VALUES (?, ?, 'u', NULL, ?, ?, ?)",
      );
      const rows = entries.map(({ kind, amount, currency, at }, n) =>
        insert.bind(`${run}:${n}`, kind, amount, currency, at),
      );
      // Twice: what comes again is not counted again.
      await env.DB.batch(rows);
      await env.DB.batch(rows);
      const after = await monthsOf();
      for (const month of new Set(entries.map(({ at }) => new Date(at).toISOString().substring(0, 7)))) {
        const own = entries.filter(
          ({ at, currency }) => currency === "usd" && new Date(at).toISOString().startsWith(month),
        );
        const sum = (kind: string) =>
          own.filter((one) => one.kind === kind).reduce((all, one) => all + one.amount, 0);
        const was = before.get(month) ?? none;
        expect(after.get(month) ?? none).toMatchObject({
          charged: was.charged + sum("charge"),
          refunded: was.refunded + sum("refund"),
          began: was.began + own.filter(({ kind }) => kind === "began").length,
          ended: was.ended + own.filter(({ kind }) => kind === "ended").length,
        });
      }
    }),
    { numRuns: 20 },
  );
  for (const change of ["UPDATE payments SET amount = 0", "DELETE FROM payments"])
    await expect(env.DB.prepare(change).run()).rejects.toThrow("append-only");
});

async function monthsOf(): Promise<Map<string, LedgerMonth>> {
  const { results } = await env.DB.prepare("SELECT * FROM payment_months").all<LedgerMonth>();
  return new Map(results.map((row) => [row.month, row]));
}
