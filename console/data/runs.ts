import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { type components, dataOf } from "#client/index.ts";
import { api } from "../session/client.ts";

export type RunView = components["schemas"]["Run"];
export type RunRow = components["schemas"]["RunSummary"];
export type RunStep = RunView["steps"][number];
export type Task = components["schemas"]["Task"];
export type History = components["schemas"]["History"];

/** What a list of runs is narrowed by; it stands in the address. */
export interface RunFilter {
  status?: RunRow["status"];
  instance_id?: string;
  project_id?: string;
  q?: string;
  /** Days, the last with all that began on it. */
  since?: string;
  until?: string;
}

export const runStatuses = ["running", "paused", "completed", "failed", "cancelled"] as const;

export const runsQuery = (filter: RunFilter, limit = 50) =>
  infiniteQueryOptions({
    queryKey: ["runs", filter, limit],
    queryFn: async ({ pageParam: cursor, signal }) =>
      dataOf(
        await api.GET("/api/v1/personas/runs", { params: { query: { ...filter, limit, cursor } }, signal }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  });

export const runQuery = (id: string) =>
  queryOptions({
    queryKey: ["run", id],
    queryFn: async ({ signal }) =>
      dataOf(
        await api.GET("/api/v1/personas/runs/{correlation_id}", {
          params: { path: { correlation_id: id } },
          signal,
        }),
      ),
  });

/** Tasks that a page shows of a run; the rest is one press away. */
const shownTasks = 100;

export const tasksQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ["tasks", id],
    queryFn: async ({ pageParam: cursor, signal }) =>
      dataOf(
        await api.GET("/api/v1/personas/runs/{correlation_id}/tasks", {
          params: { path: { correlation_id: id }, query: { limit: shownTasks, cursor } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
  });
