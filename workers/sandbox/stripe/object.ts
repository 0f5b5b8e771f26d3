import { DurableObject } from "cloudflare:workers";
import { Billing, list, Refused } from "./billing.ts";
import { type Form, formOf, textAt } from "./form.ts";
import { post, type StripeEvent } from "./notices.ts";

export interface StripeSandboxBindings {
  /** The platform, to which notices go. */
  GATEWAY: Fetcher;
}

/** How soon a notice is posted again that was not taken. */
const retryMs = 2000;

type Handler = (form: Form, ...parts: string[]) => object;

/** Stands in for Stripe: a part of its API, and `/v1/test_helpers` for what people and banks do. */
export class StripeSandbox extends DurableObject<StripeSandboxBindings> {
  readonly #kv = this.ctx.storage.kv;
  #isDelivering = false;
  readonly #billing = new Billing(this.#kv);
  readonly #routes: [RegExp, Handler][] = [
    [/^POST \/v1\/checkout\/sessions$/, (form) => this.#billing.openSession(form)],
    [/^GET \/v1\/subscriptions\/(\w+)$/, (_, id = "") => this.#billing.subscription(id)],
    [
      /^POST \/v1\/subscriptions\/(\w+)$/,
      (form, id = "") => this.#billing.update(this.#billing.subscription(id), form),
    ],
    [
      /^DELETE \/v1\/subscriptions\/(\w+)$/,
      (_, id = "") => this.#billing.end(this.#billing.subscription(id)),
    ],
    [
      /^GET \/v1\/charges$/,
      (form) => list(this.#billing.charges(textAt(form, "customer") ?? "").toReversed()),
    ],
    [/^GET \/v1\/invoices$/, (form) => list(this.#billing.invoices(textAt(form, "subscription") ?? ""))],
    [/^POST \/v1\/refunds$/, (form) => this.#billing.refund(textAt(form, "payment_intent") ?? "", form)],
    [/^GET \/v1\/test_helpers\/checkout_sessions\/(\w+)$/, (_, id = "") => this.#billing.session(id)],
    [
      /^POST \/v1\/test_helpers\/checkout_sessions\/(\w+)\/pay$/,
      (_, id = "") => this.#billing.pay(this.#billing.session(id)),
    ],
    [
      /^POST \/v1\/test_helpers\/checkout_sessions\/(\w+)\/decline$/,
      (_, id = "") => ({ url: this.#billing.session(id).cancel_url }),
    ],
    [
      /^POST \/v1\/test_helpers\/subscriptions\/(\w+)\/renew$/,
      (_, id = "") => this.#billing.renew(this.#billing.subscription(id)),
    ],
    [
      /^POST \/v1\/test_helpers\/subscriptions\/(\w+)\/fail$/,
      (_, id = "") => this.#billing.fail(this.#billing.subscription(id)),
    ],
    [
      /^POST \/v1\/test_helpers\/customers\/(\w+)\/(decline|accept)$/,
      (_, id = "", what = "") => this.#billing.set(`declines:${id}`, { declines: what === "decline" }),
    ],
    [
      /^POST \/v1\/test_helpers\/away\/(\d+)$/,
      (_, calls = "0") => this.#billing.set("away", { calls: Number(calls) }),
    ],
  ];

  override async fetch(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    const isForm = request.method === "POST" && request.headers.has("content-type");
    const form = formOf(isForm ? await request.formData() : searchParams);
    try {
      return Response.json(
        this.#answer(`${request.method} ${pathname}`, form, request.headers.get("idempotency-key")),
      );
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const { status, type, message } = error;
      return Response.json(
        { error: { type, message, ...(status === 402 ? { code: "card_declined" } : {}) } },
        { status },
      );
    } finally {
      this.ctx.waitUntil(this.#deliver());
    }
  }

  #answer(call: string, form: Form, key: string | null): object {
    const away = this.#kv.get<{ calls: number }>("away")?.calls ?? 0;
    if (away > 0 && !call.includes("/test_helpers/")) {
      this.#billing.set("away", { calls: away - 1 });
      throw new Refused(500, "api_error", "The sandbox is away");
    }
    const known = key === null ? undefined : this.#kv.get<object>(`key:${key}`);
    if (known) return known;
    for (const [pattern, handle] of this.#routes) {
      const [, ...parts] = pattern.exec(call) ?? [];
      if (!pattern.test(call)) continue;
      const answer = handle(form, ...parts);
      if (key !== null) this.#billing.set(`key:${key}`, answer);
      return answer;
    }
    throw new Refused(404, "invalid_request_error", `The sandbox has no ${call}`);
  }

  /** Posts what has not been taken, in order; the alarm tries again. One at a time: a notice has the platform ask. */
  async #deliver(): Promise<void> {
    if (this.#isDelivering) return;
    this.#isDelivering = true;
    try {
      for (let next = this.#nextEvent(); next; next = this.#nextEvent()) {
        const [key, event] = next;
        if (!(await post(this.env.GATEWAY, event, Date.now()))) {
          await this.ctx.storage.setAlarm(Date.now() + retryMs);
          return;
        }
        this.#kv.delete(key);
      }
    } finally {
      this.#isDelivering = false;
    }
  }

  #nextEvent(): [string, StripeEvent] | undefined {
    for (const entry of this.#kv.list<StripeEvent>({ prefix: "event:", limit: 1 })) return entry;
    return undefined;
  }

  override alarm(): Promise<void> {
    return this.#deliver();
  }
}
