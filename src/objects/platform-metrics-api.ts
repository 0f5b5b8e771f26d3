import type { Batch } from "#src/observability/hand-over.ts";
import type { Sample } from "#src/observability/metrics/sample.ts";

/** The name of the object that adds up: there is one for the platform. */
export const platformMetricsName = "platform";

/** What all isolates have counted, added up (docs/operations.md#metrics). */
export interface PlatformMetricsApi {
  /** Adds what an isolate has counted: once, however often the batch comes. */
  take(batch: Batch<Sample>): Promise<void>;
  /** What everything has come to. */
  read(): Promise<Sample[]>;
  /** What requests have been counted and measured since the day began (UTC), by when that was handed over. */
  readToday(): Promise<Sample[]>;
}
