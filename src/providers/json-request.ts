import type { z } from "zod";
import { AnswerTooLargeError, boundedFetch } from "./bounded-fetch.ts";
import { isRetryableStatus, ProviderError, retryAfterOf } from "./provider-error.ts";

interface JsonRequest<T> {
  /** Whose answer it is, for messages. */
  service: string;
  fetch: typeof fetch;
  url: string;
  init: RequestInit;
  schema: z.ZodType<T>;
  timeoutMs: number;
  maxBytes: number;
  signal: AbortSignal;
}

const failure = (message: string, options: ConstructorParameters<typeof ProviderError>[2]) =>
  new ProviderError("EXTERNAL_SERVICE_ERROR", message, options);

/**
 * One HTTP call of a provider: bounded in time and bytes, its answer parsed by schema.
 * @throws ProviderError `EXTERNAL_SERVICE_ERROR`
 */
export async function requestJson<T>(request: JsonRequest<T>): Promise<T> {
  const { service, url, init, schema, maxBytes } = request;
  const limited = AbortSignal.any([request.signal, AbortSignal.timeout(request.timeoutMs)]);
  let text: string;
  try {
    const response = await boundedFetch(request.fetch, maxBytes)(url, { ...init, signal: limited });
    if (!response.ok) throw await refusal(response, service);
    text = await response.text();
  } catch (cause) {
    throw connectionFailure(cause, service, limited.aborted);
  }
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw failure(`${service} answered something unreadable`, { retryable: true, cause });
  }
}

async function refusal(response: Response, service: string): Promise<ProviderError> {
  const { status, headers } = response;
  await response.body?.cancel();
  return failure(`${service} answered ${status}`, {
    retryable: isRetryableStatus(status),
    retryAfterMs: retryAfterOf(headers, Date.now()),
  });
}

function connectionFailure(cause: unknown, service: string, timedOut: boolean): ProviderError {
  if (cause instanceof ProviderError) return cause;
  if (cause instanceof AnswerTooLargeError) {
    return failure(`${service} answered too much: ${cause.message}`, { retryable: false, unhealthy: true });
  }
  const message = timedOut ? `${service} took too long` : `${service} could not be reached`;
  return failure(message, { retryable: true, timedOut, cause });
}
