import type { RunFigures, UsageOfDaysQuery } from "#src/objects/history-api.ts";
import type { UsageOfDay } from "#src/objects/usage-day.ts";
import type { InstanceOfHistory, UserOfHistory } from "./run-history.ts";

/** What runs have used, and how many there were. */
export interface Usage {
  ofInstance(instance: InstanceOfHistory): Promise<RunFigures>;
  /** @param since epoch milliseconds; `recentRuns` ended since the beginning of its UTC day, or go on */
  ofTenant(clientId: string, since: number): Promise<{ runs: number; recentRuns: number; fuel: number }>;
  /** Executions that a user has completed since a time (epoch milliseconds). */
  contentOf(user: UserOfHistory, since: number): Promise<number>;
  /** By the day on which executions ended; days on which none did are left out. */
  ofDays(clientId: string, query: UsageOfDaysQuery): Promise<UsageOfDay[]>;
}
