import { type ErrorCode, errorCatalogue } from "./error-catalogue.ts";

export interface AppErrorOptions {
  /** Overrides the catalogue's message; must be fit for the caller's eyes. */
  message?: string;
  /** The older system's short code, where the catalogue's does not say enough. */
  shortCode?: string;
  /** Structured facts for the caller: fields, limits, ids. */
  details?: unknown;
  /** Response headers, for example `Retry-After`. */
  headers?: Record<string, string>;
  cause?: unknown;
}

/**
 * An expected refusal. Thrown by operations, rendered once by the gateway's error
 * handler. Does not survive an RPC boundary: Durable Objects return outcomes.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly shortCode: string | undefined;
  readonly details: unknown;
  readonly headers: Record<string, string>;

  constructor(code: ErrorCode, options: AppErrorOptions = {}) {
    super(options.message ?? errorCatalogue[code].message, { cause: options.cause });
    this.name = "AppError";
    this.code = code;
    this.shortCode = options.shortCode;
    this.details = options.details;
    this.headers = options.headers ?? {};
  }

  get status() {
    return errorCatalogue[this.code].status;
  }
}
