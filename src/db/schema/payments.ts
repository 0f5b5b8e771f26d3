import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

export const paymentKinds = ["charge", "refund", "began", "ended"] as const;

/**
 * The ledger: what has been paid and given back, and which subscriptions have begun and ended to be paid for. Rows are
 * only added (triggers refuse all else: migrations/0019_payment_triggers.sql), each once by the id that it has where it
 * came from; `began` and `ended` are added by triggers in the statement that makes it so.
 */
export const payments = sqliteTable(
  "payments",
  {
    id: text("id").primaryKey(),
    kind: text("kind", { enum: paymentKinds }).notNull(),
    userId: text("user_id").notNull(),
    /** The payment provider's id of the subscription, where it says so. */
    externalId: text("external_id"),
    /** In the smallest unit of the currency; never below zero, 0 for what is no money. */
    amount: integer("amount").notNull(),
    currency: text("currency").notNull(),
    at: integer("at").notNull(),
  },
  (table) => [index("payments_user").on(table.userId, table.at)],
);

/** Sums of the ledger by the month (UTC), kept by triggers: what they cost does not grow with it. */
export const paymentMonths = sqliteTable("payment_months", {
  /** As in `2026-11`. */
  month: text("month").primaryKey(),
  charged: integer("charged").notNull().default(0),
  refunded: integer("refunded").notNull().default(0),
  began: integer("began").notNull().default(0),
  ended: integer("ended").notNull().default(0),
});
