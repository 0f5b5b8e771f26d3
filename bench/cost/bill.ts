import { type Counts, type Meter, meters } from "./meters.ts";
import { prices } from "./prices.ts";

/** The most dollars that a thousand runs may cost beside the model's own price. */
export const goalDollars = 0.2;

interface BillLine {
  what: string;
  /** Units of one run. */
  ofRun: number;
  /** Dollars of a thousand runs. */
  dollars: number;
}

const dollarsOf = (meter: Meter, ofRun: number): number =>
  (1000 * ofRun * prices[meter].dollars) / prices[meter].per;

const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0);

/** Prices what one run takes: a line for each meter that counted something, and all in all. */
export function billOf(counts: Counts): { lines: BillLine[]; dollars: number; isWithinGoal: boolean } {
  const lines = meters.flatMap((meter) => {
    const ofRun = sum(Object.values(counts[meter] ?? {}));
    return ofRun === 0 ? [] : [{ what: prices[meter].what, ofRun, dollars: dollarsOf(meter, ofRun) }];
  });
  const dollars = sum(lines.map((line) => line.dollars));
  return { lines, dollars, isWithinGoal: dollars <= goalDollars };
}

/** Where it comes from, the dearest first. */
export const originsOf = (counts: Counts): (BillLine & { origin: string })[] =>
  meters
    .flatMap((meter) =>
      Object.entries(counts[meter] ?? {}).map(([origin, ofRun]) => ({
        what: prices[meter].what,
        origin,
        ofRun,
        dollars: dollarsOf(meter, ofRun),
      })),
    )
    .toSorted((a, b) => b.dollars - a.dollars);

/** What comes to less, in dollars of a thousand runs, is not told one by one. */
const worthTelling = 0.0002;

const amount = (value: number): string => (value < 100 ? value.toFixed(1) : value.toFixed(0));
const price = (dollars: number): string => dollars.toFixed(4);

/** A bill as a Markdown table, with what it comes from below it. */
export function printedBill(title: string, counts: Counts): string {
  const { lines, dollars, isWithinGoal } = billOf(counts);
  const origins = originsOf(counts);
  const told = origins.filter(({ dollars }) => dollars >= worthTelling);
  const rest = dollars - sum(told.map((line) => line.dollars));
  const goal = `goal ≤ $${goalDollars.toFixed(2)}: ${isWithinGoal ? "met" : "**not met**"}`;
  return [
    `## ${title}`,
    "",
    "| what | a run | $ of a thousand runs |",
    "|---|---:|---:|",
    ...lines.map(({ what, ofRun, dollars }) => `| ${what} | ${amount(ofRun)} | ${price(dollars)} |`),
    `| **all in all** (${goal}) | | **${price(dollars)}** |`,
    "",
    "| where from | what | a run | $ of a thousand runs |",
    "|---|---|---:|---:|",
    ...told.map(
      ({ origin, what, ofRun, dollars }) => `| ${origin} | ${what} | ${amount(ofRun)} | ${price(dollars)} |`,
    ),
    `| ${origins.length - told.length} more | | | ${price(rest)} |`,
  ].join("\n");
}
