import type { RunFigures } from "#src/objects/history-api.ts";
import type { InstanceOfHistory, UserOfHistory } from "./run-history.ts";

/** What runs have used, and how many there were. */
export interface Usage {
  ofInstance(instance: InstanceOfHistory): Promise<RunFigures>;
  /** @param since epoch milliseconds; `recentRuns` are those from the beginning of its UTC day */
  ofTenant(clientId: string, since: number): Promise<{ runs: number; recentRuns: number; fuel: number }>;
  /** Executions that a user has completed since a time (epoch milliseconds). */
  contentOf(user: UserOfHistory, since: number): Promise<number>;
}
