import type { Database } from "#src/db/client.ts";
import type { Clock } from "#src/kernel/clock.ts";
import type { Device } from "#src/kernel/device.ts";

export interface ActingContext {
  db: Database;
  clock: Clock;
  /** Where the request came from; none when the platform acts by itself. */
  device?: Device;
}
