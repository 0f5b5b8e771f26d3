import { oncePerIsolate } from "#src/kernel/once-per-isolate.ts";
import { HandOver } from "#src/observability/hand-over.ts";
import { createLogger } from "#src/observability/logger.ts";

/** What an isolate tells of what it does. */
export interface Telemetry {
  /** Brings it away; every occasion of a Worker or an object ends with its `after`. */
  handOver: HandOver;
}

/** An isolate's telemetry: one for all that it is asked. */
export const telemetryOf = oncePerIsolate(
  (_env: object): Telemetry => ({ handOver: new HandOver([], createLogger("hand-over")) }),
);
