import { type Charge, periodEnd, proration, type Refund, type Session, type Subscription } from "./books.ts";
import { type Form, textAt, textsAt } from "./form.ts";
import type { StripeEvent } from "./notices.ts";

/** An answer of Stripe's that is no success. */
export class Refused extends Error {
  readonly status: number;
  readonly type: string;
  constructor(status: number, type: string, message: string) {
    super(message);
    this.status = status;
    this.type = type;
  }
}

const missing = (what: string) => new Refused(404, "invalid_request_error", `No such ${what}`);
export const list = <T>(data: T[]) => ({ object: "list", data, has_more: false });

const now = (): number => Math.floor(Date.now() / 1000);

/** What the sandbox does with what it keeps. */
export class Billing {
  readonly #kv: SyncKvStorage;

  constructor(kv: SyncKvStorage) {
    this.#kv = kv;
  }

  set<T extends object>(key: string, value: T): T {
    this.#kv.put(key, value);
    return value;
  }

  id(kind: string): string {
    const next = (this.#kv.get<number>("ids") ?? 0) + 1;
    this.#kv.put("ids", next);
    return `${kind}_sandbox${String(next).padStart(6, "0")}`;
  }

  session(id: string): Session {
    const found = this.#kv.get<Session>(id);
    if (!found) throw missing("checkout session");
    return found;
  }

  subscription(id: string): Subscription {
    const found = this.#kv.get<Subscription>(id);
    if (!found) throw missing(`subscription: ${id}`);
    return found;
  }

  charges = (customer: string): Charge[] =>
    [...this.#kv.list<Charge>({ prefix: `charge:${customer}:` })].map(([, charge]) => charge);

  openSession(form: Form): Session {
    const price = (...path: string[]) => textAt(form, "line_items", "0", "price_data", ...path) ?? "";
    const id = this.id("cs");
    return this.set(id, {
      id,
      object: "checkout.session",
      customer: textAt(form, "customer") ?? null,
      customer_email: textAt(form, "customer_email") ?? null,
      url: `/dev/checkout/${id}`,
      expires_at: now() + 86_400,
      success_url: textAt(form, "success_url") ?? "",
      cancel_url: textAt(form, "cancel_url") ?? "",
      subscription: null,
      metadata: textsAt(form, "metadata"),
      amount: Number(price("unit_amount")),
      interval: price("recurring", "interval") === "year" ? "year" : "month",
      name: price("product_data", "name"),
    });
  }

  pay(session: Session): { url: string } {
    const { success_url, amount, interval, metadata } = session;
    if (session.subscription !== null) return { url: success_url };
    const customer = session.customer ?? this.id("cus");
    const time = now();
    const id = this.id("sub");
    const item = {
      id: this.id("si"),
      current_period_start: time,
      current_period_end: periodEnd(time, interval),
      price: {
        id: this.id("price"),
        product: this.id("prod"),
        unit_amount: amount,
        recurring: { interval },
      },
    };
    const subscription = this.set<Subscription>(id, {
      id,
      object: "subscription",
      customer,
      status: "active",
      metadata,
      cancel_at_period_end: false,
      cancel_at: null,
      canceled_at: null,
      ended_at: null,
      default_payment_method: this.id("pm"),
      items: { object: "list", data: [item] },
    });
    this.#charge(subscription, amount);
    this.#tell(
      "checkout.session.completed",
      this.set(session.id, { ...session, customer, subscription: id }),
    );
    return { url: success_url };
  }

  #charge({ id: subscription, customer }: Subscription, amount: number): void {
    if (amount === 0) return;
    const id = this.id("ch");
    this.set<Charge>(`charge:${customer}:${id}`, {
      id,
      object: "charge",
      customer,
      amount,
      currency: "usd",
      created: now(),
      paid: true,
      payment_intent: this.id("pi"),
      subscription,
      refunds: { object: "list", data: [] },
    });
  }

  /** The latest invoice that was paid, with the payment that it was paid by. */
  invoices(id: string): object[] {
    const charge = this.charges(this.subscription(id).customer).findLast(
      ({ subscription }) => subscription === id,
    );
    if (!charge) return [];
    const payment = { type: "payment_intent", payment_intent: charge.payment_intent };
    return [{ id: `in_${charge.id}`, object: "invoice", status: "paid", payments: list([{ payment }]) }];
  }

  update(before: Subscription, form: Form): Subscription {
    const ending = textAt(form, "cancel_at_period_end");
    const amount = textAt(form, "items", "0", "price_data", "unit_amount");
    const interval = textAt(form, "items", "0", "price_data", "recurring", "interval");
    const [item] = before.items.data;
    if (before.status === "canceled" || !item)
      throw new Refused(400, "invalid_request_error", "It has ended");
    const isEnding = ending === undefined ? before.cancel_at_period_end : ending === "true";
    const after: Subscription = {
      ...before,
      metadata: { ...before.metadata, ...textsAt(form, "metadata") },
      cancel_at_period_end: isEnding,
      cancel_at: isEnding ? item.current_period_end : null,
      canceled_at: isEnding ? (before.canceled_at ?? now()) : null,
    };
    if (amount !== undefined)
      this.#reprice(after, item, Number(amount), interval === "year" ? "year" : "month");
    this.set(after.id, after);
    this.#tell("customer.subscription.updated", after);
    return after;
  }

  /** Another price is paid at once, and by another interval for a period that begins now. */
  #reprice(
    of: Subscription,
    item: Subscription["items"]["data"][number],
    amount: number,
    interval: "month" | "year",
  ): void {
    const time = now();
    const isOther = interval !== item.price.recurring.interval;
    const due = isOther ? amount : proration(item, amount, time);
    if (due > 0 && this.#kv.get<{ declines: boolean }>(`declines:${of.customer}`)?.declines)
      throw new Refused(402, "card_error", "Your card was declined.");
    const period = isOther
      ? { current_period_start: time, current_period_end: periodEnd(time, interval) }
      : {};
    const price = { ...item.price, unit_amount: amount, recurring: { interval } };
    of.items = { object: "list", data: [{ ...item, ...period, price }] };
    this.#charge(of, due);
  }

  end(before: Subscription): Subscription {
    const time = now();
    const after = {
      ...before,
      status: "canceled" as const,
      canceled_at: before.canceled_at ?? time,
      ended_at: time,
    };
    this.#tell("customer.subscription.deleted", this.set(after.id, after));
    return after;
  }

  /** The period is over: it is paid for another one, or ends where it was cancelled. */
  renew(before: Subscription): Subscription {
    const [item] = before.items.data;
    if (before.status === "canceled" || !item)
      throw new Refused(400, "invalid_request_error", "It has ended");
    if (before.cancel_at_period_end) return this.end(before);
    const start = item.current_period_end;
    const end = periodEnd(start, item.price.recurring.interval);
    const data = [{ ...item, current_period_start: start, current_period_end: end }];
    const after = { ...before, status: "active" as const, items: { object: "list" as const, data } };
    this.#charge(after, item.price.unit_amount);
    this.#tell("invoice.paid", {
      object: "invoice",
      id: this.id("in"),
      customer: after.customer,
      subscription: after.id,
    });
    return this.set(after.id, after);
  }

  fail(before: Subscription): Subscription {
    const after = { ...before, status: "past_due" as const };
    this.#tell("invoice.payment_failed", {
      object: "invoice",
      id: this.id("in"),
      customer: after.customer,
      subscription: after.id,
    });
    return this.set(after.id, after);
  }

  refund(intent: string, form: Form): Refund {
    for (const [key, charge] of this.#kv.list<Charge>({ prefix: "charge:" })) {
      if (charge.payment_intent !== intent) continue;
      const given = charge.refunds.data.reduce((sum, { amount }) => sum + amount, 0);
      const amount = Number(textAt(form, "amount") ?? charge.amount - given);
      if (amount <= 0 || given + amount > charge.amount)
        throw new Refused(400, "invalid_request_error", "More than what is left of the charge");
      const refund: Refund = {
        id: this.id("re"),
        object: "refund",
        amount,
        currency: "usd",
        created: now(),
        status: "succeeded",
      };
      const data = [refund, ...charge.refunds.data];
      this.#tell("charge.refunded", this.set(key, { ...charge, refunds: { object: "list" as const, data } }));
      return refund;
    }
    throw missing("payment intent");
  }

  #tell(type: string, about: object): void {
    const id = this.id("evt");
    this.set<StripeEvent>(`event:${id}`, {
      id,
      object: "event",
      type,
      created: now(),
      data: { object: about },
    });
  }
}
