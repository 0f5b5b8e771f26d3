import { AppError } from "#src/kernel/app-error.ts";
import { configuredClients, type ProviderWorld } from "./configured-clients.ts";
import { CallPostponedError, type Guarded, guardedCall } from "./guarded-call.ts";
import type { Payments } from "./payments.ts";
import { ProviderError } from "./provider-error.ts";
import { stripePayments } from "./stripe/stripe-payments.ts";

/** Signs the notices of the sandbox, which is bound in development only. */
export const sandboxSecret = "whsec_sandbox";

/** Time that a call has with all its tries. */
const maxMs = 20_000;

/**
 * The payment provider that is configured, each call of it through its breaker.
 * @throws AppError `UPSTREAM_UNAVAILABLE` where none is; by its calls as well where it is away, `PAYMENT_FAILED` where
 *   it declines, `EXTERNAL_SERVICE_ERROR` where it refuses
 */
export function paymentsOf(world: ProviderWorld): Payments {
  const { STRIPE_API_KEY, STRIPE_API_URL, STRIPE_WEBHOOK_SECRET } = world.settings;
  const isSandbox = STRIPE_API_KEY === undefined && STRIPE_API_URL === undefined;
  const secret = STRIPE_WEBHOOK_SECRET ?? (isSandbox ? sandboxSecret : undefined);
  const makers =
    secret === undefined
      ? {}
      : { stripe: (upstream: Parameters<typeof stripePayments>[0]) => stripePayments(upstream, secret) };
  const client = configuredClients<Payments>(makers, world).get("stripe");
  if (!client) throw new AppError("UPSTREAM_UNAVAILABLE", { message: "No payment provider is configured" });
  return guarded(client);
}

function guarded(client: () => Guarded<Payments>): Payments {
  const by = async <T>(call: (payments: Payments) => Promise<T>): Promise<T> => {
    const { service, ...rest } = client();
    try {
      return await guardedCall({ ...rest, signal: AbortSignal.timeout(maxMs) }, () => call(service));
    } catch (error) {
      throw asRefusal(error);
    }
  };
  return {
    openCheckout: (...call) => by((it) => it.openCheckout(...call)),
    findBilled: (...call) => by((it) => it.findBilled(...call)),
    movementsOf: (...call) => by((it) => it.movementsOf(...call)),
    changePlan: (...call) => by((it) => it.changePlan(...call)),
    setEnding: (...call) => by((it) => it.setEnding(...call)),
    end: (...call) => by((it) => it.end(...call)),
    refundLatest: (...call) => by((it) => it.refundLatest(...call)),
    // Asks nobody.
    readNotice: (...call) => client().service.readNotice(...call),
  };
}

/** What a failure is to whoever asks us; what the provider said stays its cause, for the log. */
function asRefusal(cause: unknown): unknown {
  if (cause instanceof CallPostponedError) return away(cause, cause.retryAfterMs);
  if (!(cause instanceof ProviderError)) return cause;
  if (cause.answer.status === 402) return new AppError("PAYMENT_FAILED", { cause });
  return cause.retryable
    ? away(cause, cause.retryAfterMs)
    : new AppError("EXTERNAL_SERVICE_ERROR", { cause });
}

const away = (cause: Error, retryAfterMs = 1000): AppError =>
  new AppError("UPSTREAM_UNAVAILABLE", {
    message: "The payment provider is away",
    headers: { "Retry-After": String(Math.max(1, Math.ceil(retryAfterMs / 1000))) },
    cause,
  });
