import type { EventsApi } from "./events-api.ts";
import type { HistoryApi } from "./history-api.ts";
import type { MemoriesApi } from "./memories-api.ts";
import type { RunsApi } from "./runs-api.ts";
import type { TasksApi } from "./tasks-api.ts";

/** What a workflow object has to do, and has ignored. */
export interface WorkflowsStatus {
  activeRuns: number;
  /** Tasks that are out. */
  openTasks: number;
  /** Reports that came late, twice, or for an attempt that is over; since the object was made. */
  ignoredReports: number;
}

/**
 * The tenant's workflow object, of which there is one, or one for each shard of a large tenant: the only writer of run
 * state and the only sender of tasks and run events. Whoever asks it takes the surface that they use.
 */
export interface TenantObject extends RunsApi, TasksApi, EventsApi, MemoriesApi, HistoryApi {
  /** How much there is in the object, and how many reports came late or twice. */
  describe(): Promise<WorkflowsStatus>;
  /** Has the object look at its alarm, in case the platform has given it up. */
  wake(): Promise<void>;
}
