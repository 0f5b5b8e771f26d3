import type { PageRequest } from "#src/http/page.ts";
import type { RunFilter } from "#src/objects/history-api.ts";
import type { UsageRecord } from "#src/objects/platform-message.ts";
import type { RunRow } from "./run-row.ts";

export interface UserOfHistory {
  clientId: string;
  userId: string;
}

/** An instance that the caller may see. */
export interface InstanceOfHistory {
  clientId: string;
  id: string;
}

/** Rows that log lines are made of, each the newest first and one more than the limit when there are more. */
export interface LogRows {
  begun: readonly RunRow[];
  attempts: readonly UsageRecord[];
  ended: readonly RunRow[];
}

/**
 * The past of a tenant: its runs from the moment they begin, for ever. Lists have the newest first, and one entry more
 * than the limit when there are more.
 */
export interface RunHistory {
  ofUser(user: UserOfHistory, filter: RunFilter, page: PageRequest): Promise<RunRow[]>;
  ofInstance(instance: InstanceOfHistory, page: PageRequest): Promise<RunRow[]>;
  /** Of some of a tenant's instances, each one's run that began last, by its id. */
  lastOfInstances(clientId: string, ids: readonly string[]): Promise<ReadonlyMap<string, RunRow>>;
  logOf(instance: InstanceOfHistory, pages: Record<keyof LogRows, PageRequest>): Promise<LogRows>;
  /** Attempts that made an image. */
  imagesOf(instance: InstanceOfHistory, page: PageRequest): Promise<UsageRecord[]>;
}
