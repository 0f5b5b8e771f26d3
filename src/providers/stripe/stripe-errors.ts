import Stripe from "stripe";
import { isRetryableStatus, ProviderError, requestIdOf, wordsOf } from "../provider-error.ts";

/**
 * What a failed call of Stripe's client means, in the platform's terms; the client's own error is its cause.
 * @param key is cut out of whatever was said
 */
export function asProviderError(error: unknown, key: string): unknown {
  if (!(error instanceof Stripe.errors.StripeError)) return error;
  const { statusCode: status, requestId } = error;
  const isRetryable = status === undefined || isRetryableStatus(status);
  const message = status === undefined ? "Stripe could not be reached" : `Stripe answered ${status}`;
  const failure = new ProviderError("EXTERNAL_SERVICE_ERROR", message, {
    retryable: isRetryable,
    answer: {
      ...(status === undefined ? {} : { status }),
      ...(requestId ? { requestId: requestIdOf(new Headers({ "request-id": requestId }), key) } : {}),
      words: wordsOf(error.message, key),
    },
  });
  failure.cause = error;
  return failure;
}
