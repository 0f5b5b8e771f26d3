/** The door of `rate-limits`: what other rooms may import of it. */
export { CallLeases } from "./call-leases.ts";
export { CallLimits } from "./call-limits.ts";
export { rateLimitHeaders } from "./headers.ts";
export type { Standing } from "./lease.ts";
export { callsOfTier } from "./limits.ts";
export { type CallWindow, endOf, grantCalls } from "./windows.ts";
