import { z } from "@hono/zod-openapi";
import { AppError } from "#src/kernel/app-error.ts";

const currencies: ReadonlySet<string> = new Set(Intl.supportedValuesOf("currency"));

/** A currency by its ISO 4217 code. */
export const currencySchema = z
  .string()
  .refine((code) => currencies.has(code), "Not a currency's code (ISO 4217)")
  .openapi({ description: "ISO 4217", example: "EUR" });

/** An amount in the minor units of its currency: never a fraction, never more than is exact. */
export const amountSchema = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).openapi({
  description: "In the currency's minor units: 1099 are 10.99 EUR",
  example: 1099,
});

export const moneySchema = z
  .strictObject({ amount: amountSchema, currency: currencySchema })
  .openapi("Money", { example: { amount: 1099, currency: "EUR" } });

export type Money = z.infer<typeof moneySchema>;

/** How many digits a currency has behind the point. */
export const minorDigits = (currency: string): number =>
  new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;

/**
 * A decimal number of whole units as minor units, where it is one exactly: older bodies say `10.99`. Undefined where it
 * is not, or is too much to be exact.
 */
export function fromDecimal(value: number, currency: string): number | undefined {
  // The shortest text that is read back as this number is what was written.
  const match = /^(\d+)(?:\.(\d+))?$/.exec(String(value));
  if (!match) return undefined;
  const [, whole = "0", fraction = ""] = match;
  const digits = minorDigits(currency);
  if (fraction.length > digits) return undefined;
  const amount = Number(whole + fraction.padEnd(digits, "0"));
  return Number.isSafeInteger(amount) ? amount : undefined;
}

/** The refusal of a field. */
export const fieldRefused = (path: string, message: string): AppError =>
  new AppError("VALIDATION_ERROR", { details: { fields: [{ path, message }] } });
