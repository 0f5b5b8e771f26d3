/** The door of `history`: what other rooms may import of it. */
export { handOverHistory } from "./hand-over-history.ts";
export { historyOfObjects } from "./history-of-objects.ts";
export type { LogRows, RunHistory } from "./run-history.ts";
export { type RunRow, runCopyOf, usedBy } from "./run-row.ts";
export type { Usage } from "./usage.ts";
export { usageOfObjects } from "./usage-of-objects.ts";
