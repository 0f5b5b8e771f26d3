import type { components } from "#client/index.ts";

type Money = components["schemas"]["Money"];

const formats = new Map<string, Intl.NumberFormat>();

function formatOf(currency: string): Intl.NumberFormat {
  const known = formats.get(currency);
  if (known) return known;
  const made = new Intl.NumberFormat(undefined, { style: "currency", currency });
  formats.set(currency, made);
  return made;
}

/** How many digits a currency has behind the point. */
export const digitsOf = (currency: string): number =>
  formatOf(currency).resolvedOptions().maximumFractionDigits ?? 2;

/** An amount in minor units, for people. */
export const money = ({ amount, currency }: Money): string =>
  formatOf(currency).format(amount / 10 ** digitsOf(currency));

/** What somebody has typed, in minor units; undefined for what is no such amount. */
export function minorUnits(text: string, currency: string): number | undefined {
  const digits = digitsOf(currency);
  const [, whole, part = ""] = /^\s*(\d{1,12})(?:[.,](\d*))?\s*$/.exec(text) ?? [];
  return whole === undefined || part.length > digits ? undefined : Number(whole + part.padEnd(digits, "0"));
}
