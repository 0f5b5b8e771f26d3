import { APIConnectionError, APIError } from "@anthropic-ai/sdk";
import { AnswerTooLargeError } from "#src/http/bounded-fetch.ts";
import { retryAfterOf } from "#src/http/retry-after.ts";
import { isRetryableStatus, ProviderError, requestIdOf, wordsOf } from "../provider-error.ts";
import { ErrorEvent } from "./message-reader.ts";

export const aiError = (message: string, options: ConstructorParameters<typeof ProviderError>[2]) =>
  new ProviderError("AI_SERVICE_ERROR", message, options);

/** Statuses of the kinds of error, which an error event in mid-stream has none of. */
const statusOfKind: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  request_too_large: 413,
  rate_limit_error: 429,
  api_error: 500,
  timeout_error: 504,
  overloaded_error: 529,
};

const statusOf = (kind: string | null): number | undefined =>
  kind !== null && Object.hasOwn(statusOfKind, kind) ? statusOfKind[kind] : undefined;

/** The errors below an error, itself first. */
function* causesOf(error: unknown): Generator<unknown> {
  for (let cause = error; cause !== undefined; cause = cause instanceof Error ? cause.cause : undefined)
    yield cause;
}

/**
 * Why there is no whole answer, in our terms.
 * @param error what broke the call or the stream; undefined when the stream just ended
 */
export function callFailure(
  error: unknown,
  { timedOut, key }: { timedOut: boolean; key: string },
): ProviderError {
  if ([...causesOf(error)].some((cause) => cause instanceof AnswerTooLargeError)) {
    return aiError("The AI service answered too much", { retryable: false, unhealthy: true });
  }
  if (timedOut) return aiError("The AI service took too long", { retryable: true, timedOut });
  if (error instanceof APIConnectionError) {
    const answer = { words: wordsOf(error.cause ?? error, key) };
    return aiError("The AI service could not be reached", { retryable: true, answer });
  }
  if (error instanceof ErrorEvent) return failureOfStatus(statusOf(error.type), undefined, error, key);
  if (error instanceof APIError) {
    return failureOfStatus(error.status ?? statusOf(error.type), error.headers, error, key);
  }
  const answer = error === undefined ? {} : { words: wordsOf(error, key) };
  return aiError("The AI service's answer broke off", { retryable: true, answer });
}

/** How it says that a prompt is longer than what the model reads. */
const tooLong = /prompt is too long|exceed(?:s|ed)? (?:the )?(?:context|maximum)/i;

/** @param status undefined for an error event of a kind that we do not know */
function failureOfStatus(
  status: number | undefined,
  headers: Headers | undefined,
  error: Error,
  key: string,
): ProviderError {
  const isTooLong = status === 413 || (status === 400 && tooLong.test(error.message));
  return aiError(`The AI service answered ${status ?? "an error in mid-stream"}`, {
    retryable: status === undefined || isRetryableStatus(status),
    isTooLong,
    retryAfterMs: retryAfterOf(headers, Date.now()),
    answer: { status, requestId: requestIdOf(headers, key), words: wordsOf(error, key) },
  });
}
