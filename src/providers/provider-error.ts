import { redacted } from "#src/observability/redaction.ts";
import { cutText } from "#src/text/cut-text.ts";

interface ProviderErrorOptions {
  retryable: boolean;
  retryAfterMs?: number;
  unhealthy?: boolean;
  timedOut?: boolean;
  /** Whether it was asked to read more than it reads. */
  isTooLong?: boolean;
  answer?: UpstreamAnswer;
}

/** What is known of a failed call beside our own words. It is for the log. */
export interface UpstreamAnswer {
  status?: number;
  /** The provider's id of the request, for its support. */
  requestId?: string;
  /** Its words, without our key; they may still repeat what it was asked. */
  words?: string;
}

/** A provider call failed, in the platform's own terms; what the provider said is in `answer` and nowhere else. */
export class ProviderError extends Error {
  override readonly name = "ProviderError";
  readonly code: "AI_SERVICE_ERROR" | "EXTERNAL_SERVICE_ERROR";
  /** Whether the same call may succeed later. */
  readonly retryable: boolean;
  /** What the provider asked to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** Whether the failure speaks against the provider's health (a refused request does not). */
  readonly unhealthy: boolean;
  readonly timedOut: boolean;
  readonly isTooLong: boolean;
  readonly answer: UpstreamAnswer;

  constructor(code: ProviderError["code"], message: string, options: ProviderErrorOptions) {
    super(message);
    this.code = code;
    this.retryable = options.retryable;
    this.retryAfterMs = options.retryAfterMs;
    this.unhealthy = options.unhealthy ?? options.retryable;
    this.timedOut = options.timedOut ?? false;
    this.isTooLong = options.isTooLong ?? false;
    this.answer = options.answer ?? {};
  }
}

const maxCharacters = 2000;

/** What a provider said, or what broke on the way to it (an address holds a key, too), without our key. */
export const wordsOf = (said: unknown, key: string): string =>
  redacted(cutText(said instanceof Error ? `${said.name}: ${said.message}` : String(said), maxCharacters), {
    secrets: [key],
  });

/** A request's id from a header; nothing that is none, or repeats our key. */
export function requestIdOf(headers: Headers | undefined, key: string): string | undefined {
  const id = headers?.get("request-id") ?? headers?.get("x-request-id") ?? "";
  return /^[\w-]{1,100}$/.test(id) && !id.includes(key) ? id : undefined;
}

const retryableStatuses = new Set([408, 409, 429]);

/** Whether an HTTP status is worth another try (docs/providers.md#what-is-tried-again). */
export const isRetryableStatus = (status: number): boolean => retryableStatuses.has(status) || status >= 500;
