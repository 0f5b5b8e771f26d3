import type { RunStep, RunView, Task } from "../../data/runs.ts";
import type { Look } from "../../parts/graph/graph.tsx";
import type { StatusName } from "../../parts/status.tsx";
import { count, duration } from "../../parts/time.tsx";

/** A step that a plan has, as it stands: also one that has not begun. */
export type ShownStep = Pick<RunStep, "name" | "action"> & { step: RunStep | undefined };

/** The steps of a run in the order in which they come: those that have begun, then those of the plan. */
export function stepsOf(run: RunView): ShownStep[] {
  const begun = run.steps.map((step) => ({ name: step.name, action: step.action, step }));
  const names = new Set(run.steps.map(({ name }) => name));
  const rest = Object.entries(run.plan?.steps ?? {})
    .filter(([name]) => !names.has(name))
    .map(([name, { action }]) => ({ name, action, step: undefined }));
  return [...begun, ...rest];
}

/** How long a step has taken, or takes already; undefined before it begins. */
export function timeOf(
  { started_at, completed_at }: Pick<RunStep, "started_at" | "completed_at">,
  now: number,
) {
  if (started_at === null) return undefined;
  return Math.max(0, (completed_at === null ? now : Date.parse(completed_at)) - Date.parse(started_at));
}

/** Counts of a step's tasks, worst first: `3 ✕ · 412 of 1 000 ✓`. */
export function countsOf({ tasks = {} }: RunStep): string | undefined {
  const total = Object.values(tasks).reduce((sum, each) => sum + each, 0);
  if (total < 2) return undefined;
  const { failed = 0, completed = 0 } = tasks;
  const done = `${count(completed)} of ${count(total)} ✓`;
  return failed > 0 ? `${count(failed)} ✕ · ${done}` : done;
}

const statusOfTask: Record<Task["status"], StatusName> = {
  queued: "queued",
  waiting: "waiting",
  dispatched: "running",
  completed: "completed",
  failed: "failed",
  cancelled: "cancelled",
};

/** What each step shows in the graph. */
export function looksOf(run: RunView, tasks: readonly Task[], now: number): Record<string, Look> {
  return Object.fromEntries(
    run.steps.map((step) => {
      const time = timeOf(step, now);
      const own = tasks.filter((task) => task.step === step.name && task.name !== undefined);
      return [
        step.name,
        {
          status: step.status,
          note: time === undefined ? undefined : duration(time),
          tasks: step.action === "for_each" ? countsOf(step) : undefined,
          rows: Object.fromEntries(own.map(({ name, status }) => [name ?? "", statusOfTask[status]])),
        },
      ];
    }),
  );
}

/** The step that is worth a look: that failed, else that waits, else that runs, else the last that began. */
export function worthLook({ steps, plan }: RunView): string {
  const with_ = (...statuses: RunStep["status"][]) =>
    steps.find(({ status }) => statuses.includes(status))?.name;
  const last = steps.findLast(({ started_at }) => started_at !== null)?.name;
  return (
    with_("failed") ??
    with_("paused") ??
    with_("running", "waiting") ??
    last ??
    steps[0]?.name ??
    plan?.start_step ??
    ""
  );
}
