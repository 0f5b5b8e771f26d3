import type { PaidTier } from "#src/kernel/actor.ts";

/** What is paid for: a tier, by the month or by the year. */
export interface Plan {
  tier: PaidTier;
  interval: "month" | "year";
  /** In cents of a dollar, more than none. */
  cents: number;
}

/** What somebody is to pay on a page of the payment provider. */
export interface Order {
  plan: Plan;
  userId: string;
  email: string;
  /** The provider's id of who pays, where they have paid before. */
  customerId: string | null;
  /** Where the provider sends them afterwards. */
  successUrl: string;
  cancelUrl: string;
}

/** A page on which something can be paid. */
export interface Checkout {
  id: string;
  url: string;
  /** Epoch milliseconds. */
  expiresAt: number;
}

/** What the provider bills, as it stands there. Times in epoch milliseconds. */
export interface Billed {
  id: string;
  customerId: string;
  /** Whose it is and what for, as the order said. */
  userId: string;
  tier: Plan["tier"];
  interval: Plan["interval"];
  /** `unpaid`: the first payment has not come. */
  status: "unpaid" | "trialing" | "active" | "past_due" | "ended";
  periodStart: number;
  periodEnd: number;
  /** When it has been cancelled, and until when it goes on all the same; null of what goes on. */
  cancelledAt: number | null;
  endsAt: number | null;
  paymentMethod: string | null;
}

/** Money that has moved. */
export interface Movement {
  id: string;
  kind: "charge" | "refund";
  /** In the smallest unit of the currency. */
  amount: number;
  /** ISO 4217, in small letters. */
  currency: string;
  at: number;
}

/** Says that something has changed about what the provider bills: a hint to ask, never the truth. */
export interface Notice {
  id: string;
  /** What it is about, and who pays; as far as it says so. */
  billedId?: string;
  customerId?: string;
}

/**
 * A payment provider. Every call that changes something takes a key: the same call by the same key does nothing more.
 * All of them fail with ProviderError `EXTERNAL_SERVICE_ERROR`.
 */
export interface Payments {
  openCheckout(order: Order, key: string): Promise<Checkout>;
  /** Undefined where there is none by that id, or none of ours. */
  findBilled(id: string): Promise<Billed | undefined>;
  /** The latest hundred charges of somebody who pays and what was given back of them, the oldest first. */
  movementsOf(customerId: string): Promise<Movement[]>;
  /** Goes on with another plan, whose difference is paid at once; nothing changes where that fails. */
  changePlan(id: string, plan: Plan, key: string): Promise<void>;
  /** Whether it is to end with its period. */
  setEnding(id: string, atPeriodEnd: boolean): Promise<void>;
  /** Ends it now; nothing where it has ended. */
  end(id: string): Promise<void>;
  /** Gives back all that was paid for it last, once. */
  refundLatest(id: string): Promise<void>;
  /**
   * Reads a notice.
   * @param text the body as it came in, byte by byte
   * @returns undefined where its signature is not the provider's, or too old
   */
  readNotice(text: string, signature: string): Promise<Notice | undefined>;
}
