import type { InfiniteData, QueryClient } from "@tanstack/react-query";
import type { PlatformEvent } from "#client/index.ts";
import type { History, RunView } from "../data/runs.ts";
import { onEvent, onMissed } from "./live.ts";
import { rowAfter, runAfter } from "./rules.ts";

type RunEvent = Extract<PlatformEvent, { event: `execution.${string}` }>;

/** After the last event of a burst what it cannot say is fetched; lists once more, since a read model may lag. */
const [burstMs, lagMs] = [150, 1500];

const passing: readonly string[] = ["execution.delta", "execution.snapshot", "execution.reset"];

/** Keeps what is shown of runs as the platform tells it. @returns what ends that */
export function followRuns(queries: QueryClient): () => void {
  const timers = new Map<string, ReturnType<typeof setTimeout>>();
  const later = (name: string, ms: number, work: () => void) => {
    clearTimeout(timers.get(name));
    timers.set(name, setTimeout(work, ms));
  };
  const refetch = (...queryKey: string[]) => void queries.invalidateQueries({ queryKey });

  const hear = (event: RunEvent) => {
    if (passing.includes(event.event)) return;
    const { correlation_id: id } = event.data;
    queries.setQueriesData<InfiniteData<History>>(
      { queryKey: ["runs"] },
      (data) => data && { ...data, pages: data.pages.map((page) => pageAfter(page, event)) },
    );
    queries.setQueryData<RunView>(["run", id], (run) => run && runAfter(run, event));
    later(id, burstMs, () => {
      refetch("run", id);
      refetch("tasks", id);
    });
    if (event.event.startsWith("execution.task.") || event.event === "execution.progress") return;
    later("list", burstMs, () => {
      refetch("runs");
      refetch("approvals");
    });
    later("list again", lagMs, () => {
      refetch("runs");
      refetch("instances");
    });
  };
  const stop = [onEvent("execution.**", hear), onMissed(() => void queries.invalidateQueries())];
  return () => {
    for (const timer of timers.values()) clearTimeout(timer);
    for (const end of stop) end();
  };
}

function pageAfter(page: History, event: RunEvent): History {
  const runs = page.runs.map((row) => rowAfter(row, event));
  return runs.some((row, at) => row !== page.runs[at]) ? { ...page, runs } : page;
}
