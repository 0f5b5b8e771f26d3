import { z } from "zod";
import { runStatuses } from "#src/engine/run-view.ts";
import type { AskedGate } from "#src/engine/waiting.ts";
import type { RunCopy, UsageRecord } from "./platform-message.ts";
import { type UsageOfDay, usageDimensions } from "./usage-day.ts";

/*
 * The tenant's history as its object answers it: lists by time and id, the newest first, one entry more than the limit
 * when there are more.
 */

/** The part of a list that is asked for: behind a time (epoch milliseconds) and an id. */
export const historyPageSchema = z.object({
  after: z.tuple([z.number().int(), z.string()]).optional(),
  limit: z.number().int().positive().max(200),
});
export type HistoryPage = z.infer<typeof historyPageSchema>;

/** What a list of runs is narrowed to. */
export const runFilterSchema = z.object({
  status: z.enum(runStatuses).optional(),
  /** Runs of these instances. */
  instanceIds: z.array(z.string()).readonly().optional(),
  projectId: z.string().optional(),
  /** Begun within [since, until), epoch milliseconds. */
  since: z.number().optional(),
  until: z.number().optional(),
});
export type RunFilter = z.infer<typeof runFilterSchema>;

/** A page of instances. */
export const instanceIdsSchema = z.array(z.string().max(100)).max(200);

/** Whether the object has all there is: until it has taken over what is in D1 alone, it does not. */
interface Wholeness {
  isWhole: boolean;
}

/** What the first of a run's gates asks. */
export type FirstQuestion = Pick<AskedGate, "step" | "description" | "expires_at">;

/** A run in a list: one that waits for a person says for what. Objects of the release before do not tell it. */
export type ListedRun = RunCopy & { waiting?: FirstQuestion | undefined };

export interface ListedRuns extends Wholeness {
  runs: ListedRun[];
}

export interface ListedAttempts extends Wholeness {
  attempts: UsageRecord[];
}

/** What log lines are made of: runs by their start, finished task attempts, runs by their end. */
export interface LogSources {
  begun: RunCopy[];
  attempts: UsageRecord[];
  ended: RunCopy[];
}

/** Figures over runs. */
export interface RunFigures {
  total: number;
  completed: number;
  failed: number;
  /** Those that go on and wait for nobody. */
  queued: number;
  /** How many have ended, and how long those took together, in milliseconds. */
  ended: number;
  ranMs: number;
  /** When the last one began. */
  lastAt: number | null;
  fuel: number;
}

export interface InstanceUsage extends Wholeness {
  figures: RunFigures;
}

export interface TenantUsage extends Wholeness {
  runs: number;
  /** Those that ended on a UTC day since the one that was asked for, and those that go on. */
  recentRuns: number;
  fuel: number;
}

export interface ContentUsage extends Wholeness {
  /** Executions completed since the time that was asked for. */
  completed: number;
  /** Executions that go on. */
  open: number;
}

/** Which days (since 1970-01-01) are asked for, [since, until), told by what, and of whom. */
export const usageOfDaysQuerySchema = z.object({
  /** Null for the whole tenant. */
  userId: z.string().nullable(),
  dimension: z.enum(usageDimensions),
  since: z.number().int(),
  until: z.number().int(),
});
export type UsageOfDaysQuery = z.infer<typeof usageOfDaysQuerySchema>;

/** Where each of a log's sources goes on. */
export const logPagesSchema = z.object({
  begun: historyPageSchema,
  attempts: historyPageSchema,
  ended: historyPageSchema,
}) satisfies z.ZodType<Record<keyof LogSources, HistoryPage>>;
export type LogPages = z.infer<typeof logPagesSchema>;

/** Runs of the tenant's whole past, and what they used. */
export interface HistoryApi {
  runsOfUser(userId: string, filter: RunFilter, page: HistoryPage): Promise<ListedRuns>;
  runsOfInstance(instanceId: string, page: HistoryPage): Promise<ListedRuns>;
  /** Of each of some instances the run that began last, where there is one. */
  lastRunsOfInstances(instanceIds: string[]): Promise<RunCopy[]>;
  logOfInstance(instanceId: string, pages: LogPages): Promise<LogSources & Wholeness>;
  /** Attempts that made an image. */
  imagesOfInstance(instanceId: string, page: HistoryPage): Promise<ListedAttempts>;
  usageOfInstance(instanceId: string): Promise<InstanceUsage>;
  /** @param sinceDay days since 1970-01-01 */
  usageOfTenant(sinceDay: number): Promise<TenantUsage>;
  contentOfUser(userId: string, since: number): Promise<ContentUsage>;
  /** By the day on which runs ended; of those that ended in releases before nothing is told. */
  usageOfDays(query: UsageOfDaysQuery): Promise<UsageOfDay[]>;
  /** Runs and attempts of before, from D1; repeats are harmless, and what is newer here stays. */
  takeOverHistory(runs: readonly RunCopy[], attempts: readonly UsageRecord[]): Promise<void>;
  /** Nothing is left to take over. */
  completeHistory(): Promise<void>;
}
