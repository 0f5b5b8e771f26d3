import { sql } from "drizzle-orm";
import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { tiers } from "#src/kernel/actor.ts";
import { users } from "./users.ts";

/** Reference data, filled by migration. Prices in integer cents; -1 is unlimited. */
export const subscriptionTiers = sqliteTable("subscription_tiers", {
  name: text("name", { enum: tiers }).primaryKey(),
  monthlyCents: integer("monthly_cents").notNull(),
  yearlyCents: integer("yearly_cents").notNull(),
  maxPersonas: integer("max_personas").notNull(),
  maxProjects: integer("max_projects").notNull(),
  maxContent: integer("max_content").notNull(),
});

export const subscriptionStatuses = ["active", "trialing", "past_due", "canceled", "expired"] as const;

export const billingIntervals = ["month", "year"] as const;

export const subscriptions = sqliteTable(
  "subscriptions",
  {
    id: text("id").primaryKey(),
    userId: text("user_id")
      .notNull()
      .unique()
      .references(() => users.id),
    tier: text("tier", { enum: tiers }).notNull(),
    status: text("status", { enum: subscriptionStatuses }).notNull(),
    startDate: integer("start_date").notNull(),
    endDate: integer("end_date"),
    trialEndsAt: integer("trial_ends_at"),
    /** Null of the free tier, which nothing is paid for. */
    billingInterval: text("billing_interval", { enum: billingIntervals }),
    /** The period that has been paid for, as the payment provider says; null where it bills nothing. */
    currentPeriodStart: integer("current_period_start"),
    currentPeriodEnd: integer("current_period_end"),
    /** When somebody cancelled it; it is in force until `endDate`. */
    cancelledAt: integer("cancelled_at"),
    /** The payment provider's id of it; never the card itself. */
    paymentMethod: text("payment_method"),
    /** The payment provider's ids of who pays and of what it bills; null where it bills nothing. */
    customerId: text("customer_id"),
    externalId: text("external_id"),
    /** Since when the payment provider has not been told how it goes on; null when it knows. */
    untoldSince: integer("untold_since"),
    /** Counts the changes: one that was made from an older row is not written. */
    revision: integer("revision").notNull().default(0),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
  },
  (table) => [
    // Administration's list: unfiltered, by either filter, by both; newest first each.
    index("subscriptions_created").on(table.createdAt, table.id),
    index("subscriptions_status").on(table.status, table.createdAt, table.id),
    index("subscriptions_tier").on(table.tier, table.createdAt, table.id),
    index("subscriptions_status_tier").on(table.status, table.tier, table.createdAt, table.id),
    // Whose payment it is that a notice tells of.
    index("subscriptions_customer").on(table.customerId).where(sql`customer_id IS NOT NULL`),
    // What is told to the payment provider.
    index("subscriptions_untold").on(table.untoldSince).where(sql`untold_since IS NOT NULL`),
    // What the job ends.
    index("subscriptions_trial_ends").on(table.trialEndsAt).where(sql`status = 'trialing'`),
    index("subscriptions_end").on(table.endDate).where(sql`status IN ('active', 'past_due', 'canceled')`),
  ],
);
