import { isoTime } from "#src/kernel/clock.ts";

/** The month of a time (UTC), as the ledger names it. */
export const monthOf = (time: number): string => isoTime(time).split("-", 2).join("-");

/** A month of the ledger (docs/subscriptions.md#the-ledger); `charged` and `refunded` in cents. */
export interface LedgerMonth {
  /** As in `2026-11`. */
  month: string;
  charged: number;
  refunded: number;
  began: number;
  ended: number;
}

/** What a month has brought so far, less what was given back in it, in dollars. */
export function revenueOf(months: readonly LedgerMonth[], month: string): number {
  const found = months.find((row) => row.month === month);
  return found ? (found.charged - found.refunded) / 100 : 0;
}

/** Subscriptions that ended to be paid for in a month, of those that were paid for when it began; 0 where none was. */
export function churnOf(months: readonly LedgerMonth[], month: string): number {
  const paidFor = months
    .filter((row) => row.month < month)
    .reduce((sum, { began, ended }) => sum + began - ended, 0);
  const ended = months.find((row) => row.month === month)?.ended ?? 0;
  return paidFor === 0 ? 0 : Math.min(1, ended / paidFor);
}
