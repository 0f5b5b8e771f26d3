import { v7 as uuidv7 } from "uuid";
import type { SubscriptionRow } from "#src/subscriptions/subscription-repository.ts";

/** A row of a subscription that is active, with what differs. */
export const subscriptionRow = (change: Partial<SubscriptionRow> = {}): SubscriptionRow => ({
  id: uuidv7(),
  userId: uuidv7(),
  tier: "premium",
  status: "active",
  startDate: 0,
  endDate: null,
  trialEndsAt: null,
  billingInterval: "month",
  currentPeriodStart: null,
  currentPeriodEnd: null,
  cancelledAt: null,
  paymentMethod: null,
  customerId: null,
  externalId: null,
  untoldSince: null,
  revision: 0,
  createdAt: 0,
  updatedAt: 0,
  ...change,
});
