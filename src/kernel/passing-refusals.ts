import type { ErrorCode } from "./error-catalogue.ts";

const passing: readonly string[] = [
  "UPSTREAM_UNAVAILABLE",
  "INTERNAL_ERROR",
  "MAINTENANCE",
  "RATE_LIMITED",
] satisfies ErrorCode[];

/** Whether a refusal may be none in a moment, so that what was refused is tried again. */
export const isPassing = (code: string): boolean => passing.includes(code);
