/** What the sandbox keeps, in the form that Stripe's API shows. Times in seconds. */
export interface Session {
  id: string;
  object: "checkout.session";
  customer: string | null;
  customer_email: string | null;
  url: string;
  expires_at: number;
  success_url: string;
  cancel_url: string;
  subscription: string | null;
  metadata: Record<string, string>;
  /** What is paid for; Stripe keeps it elsewhere. */
  amount: number;
  interval: Interval;
  name: string;
}

type Interval = "month" | "year";

export interface Subscription {
  id: string;
  object: "subscription";
  customer: string;
  status: "active" | "past_due" | "canceled";
  metadata: Record<string, string>;
  cancel_at_period_end: boolean;
  cancel_at: number | null;
  canceled_at: number | null;
  ended_at: number | null;
  default_payment_method: string;
  items: {
    object: "list";
    data: {
      id: string;
      current_period_start: number;
      current_period_end: number;
      price: { id: string; product: string; unit_amount: number; recurring: { interval: Interval } };
    }[];
  };
}

export interface Charge {
  id: string;
  object: "charge";
  customer: string;
  amount: number;
  currency: "usd";
  created: number;
  paid: boolean;
  payment_intent: string;
  /** What it was for; Stripe says so in the invoice. */
  subscription: string;
  refunds: { object: "list"; data: Refund[] };
}

export interface Refund {
  id: string;
  object: "refund";
  amount: number;
  currency: "usd";
  created: number;
  status: "succeeded";
}

/** When a period ends that begins at a time: the same day of another month, or the last there is. */
export function periodEnd(start: number, interval: Interval): number {
  const begin = new Date(start * 1000);
  const months = interval === "year" ? 12 : 1;
  const end = new Date(begin);
  end.setUTCMonth(begin.getUTCMonth() + months, 1);
  const days = new Date(Date.UTC(end.getUTCFullYear(), end.getUTCMonth() + 1, 0)).getUTCDate();
  end.setUTCDate(Math.min(begin.getUTCDate(), days));
  return end.getTime() / 1000;
}

/** What is to be paid when a subscription changes its price in the middle of a period; nothing when it falls. */
export function proration(
  { price, current_period_start: start, current_period_end: end }: Subscription["items"]["data"][number],
  amount: number,
  now: number,
): number {
  const left = Math.max(0, Math.min(1, (end - now) / (end - start)));
  return Math.max(0, Math.round((amount - price.unit_amount) * left));
}
