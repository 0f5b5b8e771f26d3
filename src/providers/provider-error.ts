interface ProviderErrorOptions {
  retryable: boolean;
  retryAfterMs?: number;
  unhealthy?: boolean;
  timedOut?: boolean;
  cause?: unknown;
}

/** A provider call failed, in the platform's own terms. */
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

  constructor(code: ProviderError["code"], message: string, options: ProviderErrorOptions) {
    super(message, { cause: options.cause });
    this.code = code;
    this.retryable = options.retryable;
    this.retryAfterMs = options.retryAfterMs;
    this.unhealthy = options.unhealthy ?? options.retryable;
    this.timedOut = options.timedOut ?? false;
  }
}

const retryableStatuses = new Set([408, 409, 429]);

/** Whether an HTTP status is worth another try (spec 04-agents, "Providers"). */
export const isRetryableStatus = (status: number): boolean => retryableStatuses.has(status) || status >= 500;

/** `Retry-After` in milliseconds: seconds or an HTTP date; undefined when it is missing or senseless. */
export function retryAfterOf(headers: Headers | undefined, now: number): number | undefined {
  const value = headers?.get("retry-after");
  if (!value) return undefined;
  const isDate = /[A-Za-z]/.test(value);
  const milliseconds = isDate ? Date.parse(value) - now : Number(value) * 1000;
  return Number.isFinite(milliseconds) && milliseconds >= 0 ? milliseconds : undefined;
}
