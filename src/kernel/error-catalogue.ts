/**
 * Every refusal the platform can answer with: HTTP status, default message and,
 * where the older system had one, its short code (docs/api.md#errors).
 * The OpenAPI document and the error handler are both filled from this table.
 */
export const errorCatalogue = {
  VALIDATION_ERROR: { status: 400, message: "The request is not valid" },
  BAD_REQUEST: { status: 400, message: "The request cannot be carried out" },
  WORKFLOW_INVALID: { status: 400, message: "The workflow plan is not valid" },
  REASONING_001: { status: 400, message: "Invalid input format" },
  REASONING_002: { status: 400, message: "Insufficient context" },
  REASONING_003: { status: 504, message: "Reasoning timeout" },
  REASONING_004: { status: 400, message: "Conflicting constraints" },
  REASONING_005: { status: 422, message: "Low confidence result" },
  INVALID_CREDENTIALS: { status: 401, message: "E-mail or password is wrong", code: "AUTH001" },
  TOKEN_EXPIRED: { status: 401, message: "The token has expired", code: "AUTH002" },
  TOKEN_INVALID: { status: 401, message: "The token is not valid", code: "AUTH003" },
  UNAUTHORIZED: { status: 401, message: "Sign in first" },
  INSUFFICIENT_FUEL: { status: 402, message: "Not enough fuel" },
  INSUFFICIENT_PERMISSIONS: { status: 403, message: "You may not do this", code: "AUTH004" },
  QUOTA_EXCEEDED: { status: 403, message: "The quota of your tier is used up", code: "SUB002" },
  REGISTRATION_CLOSED: { status: 403, message: "This tenant does not accept registrations" },
  PASSWORD_CHANGE_REQUIRED: { status: 403, message: "Change your password first" },
  NOT_FOUND: { status: 404, message: "Not found" },
  USER_NOT_FOUND: { status: 404, message: "User not found", code: "USER001" },
  SUBSCRIPTION_NOT_FOUND: { status: 404, message: "Subscription not found", code: "SUB001" },
  METHOD_NOT_ALLOWED: { status: 405, message: "Method not allowed" },
  REQUEST_TIMEOUT: { status: 408, message: "The request body did not arrive in time" },
  CONFLICT: { status: 409, message: "Conflicts with the current state" },
  APPROVAL_AMBIGUOUS: { status: 409, message: "Several steps wait for an answer; name one as `step`" },
  USER_EXISTS: { status: 409, message: "A user with this e-mail exists", code: "USER002" },
  PERSONA_DISABLED: { status: 409, message: "This persona instance is disabled" },
  TURN_RUNNING: { status: 409, message: "An answer is being written" },
  CONVERSATION_FULL: { status: 409, message: "The conversation is full; go on in a new one" },
  PAYLOAD_TOO_LARGE: { status: 413, message: "The request body is too large" },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, message: "Send application/json" },
  RANGE_NOT_SATISFIABLE: { status: 416, message: "The range cannot be satisfied" },
  UPGRADE_REQUIRED: { status: 426, message: "Connect with a WebSocket upgrade" },
  RATE_LIMITED: { status: 429, message: "Too many requests" },
  INTERNAL_ERROR: { status: 500, message: "Something went wrong on our side" },
  AI_SERVICE_ERROR: { status: 502, message: "The AI service failed" },
  EXTERNAL_SERVICE_ERROR: { status: 502, message: "An external service failed" },
  UPSTREAM_UNAVAILABLE: { status: 503, message: "Temporarily unavailable", code: "GW001" },
  MAINTENANCE: { status: 503, message: "Down for maintenance" },
  GATEWAY_TIMEOUT: { status: 504, message: "The request took too long", code: "GW002" },
} as const satisfies Record<string, { status: number; message: string; code?: string }>;

/** A stable upper-case error code. */
export type ErrorCode = keyof typeof errorCatalogue;
