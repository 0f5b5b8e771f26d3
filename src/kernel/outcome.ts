import { AppError } from "./app-error.ts";
import type { ErrorCode } from "./error-catalogue.ts";

/** What an RPC method of a Durable Object returns: error classes do not cross that boundary. */
export type Outcome<T> =
  | { ok: true; value: T }
  | { ok: false; code: ErrorCode; message?: string; details?: unknown };

/** Why something was not done. */
export type Refusal = Exclude<Outcome<never>, { ok: true }>;

export const success = <T>(value: T): { ok: true; value: T } => ({ ok: true, value });

export const refusal = (code: ErrorCode, message?: string, details?: unknown) =>
  ({ ok: false, code, message, details }) as const;

/** The value of a successful outcome; throws the refusal as an `AppError`. */
export function valueOrThrow<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  const { code, message, details } = outcome;
  throw new AppError(code, { message, details, headers: retryAfter(details) });
}

/** The header that goes with how long a refusal says to wait. */
const retryAfter = (details: unknown): Record<string, string> | undefined =>
  typeof details === "object" && details !== null && "retry_after" in details
    ? { "Retry-After": String(details.retry_after) }
    : undefined;

/** What was found, or `NOT_FOUND` with these words. */
export const foundOr = <T>(message: string, value: T | undefined): Outcome<T> =>
  value === undefined ? refusal("NOT_FOUND", message) : success(value);
