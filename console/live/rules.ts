import type { components, PlatformEvent } from "#client/index.ts";

type Row = components["schemas"]["RunSummary"];
type RunView = components["schemas"]["Run"];
type RunEvent = Extract<PlatformEvent, { event: `execution.${string}` }>;

/** What an event makes of the run that it names; undefined where it says nothing of that. */
const statusAfter: Partial<Record<RunEvent["event"], Row["status"]>> = {
  "execution.started": "running",
  "execution.progress": "running",
  "execution.paused": "paused",
  "execution.completed": "completed",
  "execution.failed": "failed",
  "execution.cancelled": "cancelled",
};

const ended: readonly string[] = ["completed", "failed", "cancelled"];

/** Whether a run is over. */
export const isOver = ({ status }: Pick<Row, "status">): boolean => ended.includes(status);

/** Of a child run, an event says nothing about the run above but that it goes on. */
const isOfChild = ({ data }: RunEvent): boolean => "child_id" in data && data.child_id !== undefined;

/** A row of a list of runs after an event; the same one where it changes nothing. */
export function rowAfter(row: Row, event: RunEvent): Row {
  if (event.data.correlation_id !== row.correlation_id || isOfChild(event)) return row;
  const status = statusAfter[event.event];
  if (status === undefined || isOver(row) || isOlder(row, event)) return row;
  const step = "step" in event.data ? event.data.step : row.current_step;
  const waiting = status === "paused" ? row.waiting : null;
  return { ...row, status, waiting, current_step: ended.includes(status) ? row.current_step : step };
}

/** A run after an event, as far as the event says: the rest is fetched. */
export function runAfter(run: RunView, event: RunEvent): RunView {
  if (event.data.correlation_id !== run.correlation_id || isOfChild(event) || isOver(run)) return run;
  if (isOlder(run, event)) return run;
  const status = statusAfter[event.event] ?? run.status;
  const steps =
    event.event === "execution.progress" ? run.steps.map((step) => stepAfter(step, event)) : run.steps;
  const fuel = "fuel" in event.data && typeof event.data.fuel === "object" ? event.data.fuel : run.fuel;
  return { ...run, status, steps, fuel };
}

const isOlder = ({ revision }: Pick<RunView, "revision">, { data }: RunEvent): boolean =>
  "revision" in data &&
  data.revision !== undefined &&
  typeof revision === "number" &&
  data.revision < revision;

const stepStatuses: readonly string[] = ["pending", "running", "waiting", "paused", "completed", "failed"];

function stepAfter(
  step: RunView["steps"][number],
  { data, timestamp }: Extract<RunEvent, { event: "execution.progress" }>,
): RunView["steps"][number] {
  if (step.name !== data.step) return step;
  const status = isStepStatus(data.status) ? data.status : step.status;
  return { ...step, status, started_at: step.started_at ?? timestamp ?? null };
}

const isStepStatus = (status: string): status is RunView["steps"][number]["status"] =>
  stepStatuses.includes(status) || status === "skipped" || status === "cancelled";
