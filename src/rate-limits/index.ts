/** The door of `rate-limits`: what other rooms may import of it. */
export { type Allowance, takeAllowance } from "./allowance.ts";
export { CallLeases } from "./call-leases.ts";
export { CallLimits } from "./call-limits.ts";
export { takeOne } from "./gate-counts.ts";
export { rateLimitHeaders } from "./headers.ts";
export type { Standing } from "./lease.ts";
export { callsOfTier } from "./limits.ts";
export { type CallWindow, endOf, grantCalls } from "./windows.ts";
