export const productStatuses = ["draft", "active", "archived"] as const;

/** Why what is on hand has changed; the first three are what somebody may say, the others come of orders. */
export const movementReasons = ["received", "counted", "damaged", "transfer", "sold", "returned"] as const;

export const orderStatuses = [
  "pending",
  "confirmed",
  "fulfilled",
  "completed",
  "cancelled",
  "returned",
] as const;
export type OrderStatus = (typeof orderStatuses)[number];

export const paymentStatuses = [
  "unpaid",
  "partially_paid",
  "paid",
  "partially_refunded",
  "refunded",
] as const;

export const paymentKinds = ["charge", "refund"] as const;

/** The way an order came in. */
export const orderSources = ["api", "graphql", "import", "persona"] as const;
export type OrderSource = (typeof orderSources)[number];
