import type { Database } from "#src/db/client.ts";
import type { Clock } from "#src/kernel/clock.ts";

export interface ActingContext {
  db: Database;
  clock: Clock;
}
