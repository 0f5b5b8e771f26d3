import type { Step } from "#src/engine/plans/plan.ts";
import type { RunState, TaskState, TaskStatus } from "#src/engine/run-state.ts";
import type { StepStatus } from "#src/engine/run-view.ts";

export const stepEnds: readonly StepStatus[] = ["completed", "failed", "skipped", "cancelled"];

export const taskEnds: readonly TaskStatus[] = ["completed", "failed", "cancelled"];

export const isOut = ({ status }: TaskState): boolean => status === "dispatched" || status === "waiting";

/** What SQLite would give back of a value. */
export const stored = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null));

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Fuel that a run's steps have used by themselves. */
export const ownFuel = (run: RunState): number => sum(Object.values(run.steps).map(({ fuel }) => fuel));

/** Whether the plan has a step begin, as far as the run has come. */
export function isDue({ header: { plan }, steps }: RunState, name: string): boolean {
  const { dependencies = [] }: Partial<Step> = plan.steps[name] ?? {};
  const goesTo = (other: string) => steps[other]?.status === "failed" && plan.steps[other]?.on_error === name;
  if (!dependencies.every((dependency) => steps[dependency]?.passed || goesTo(dependency))) return false;
  const isLedTo = Object.keys(plan.steps).some(
    (other) => goesTo(other) || (plan.steps[other]?.next_step === name && steps[other]?.passed),
  );
  return name === plan.start_step || dependencies.length > 0 || isLedTo;
}

/** What consumers find that a person is to allow first. */
export const askedByConsumers = {
  tool: "shop",
  needs: "commerce.orders",
  before: { held: 2 },
  after: { held: 0 },
} as const;
