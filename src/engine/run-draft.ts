import type { EventData, EventNameOf } from "#src/kernel/event-catalogue.ts";
import type { RunOfEvent } from "#src/kernel/events/executions.ts";
import { ExpressionBudget } from "./expressions/expression-budget.ts";
import type { RunState, StepState, TaskState } from "./run-state.ts";
import type { TaskUsage } from "./task-report.ts";

/** What the tenant object must do besides storing the new state; all of it goes through its outbox. */
export type Effect =
  | { type: "dispatch"; taskId: string }
  /** Whoever has moved the run works on this task now. */
  | { type: "claim"; taskId: string }
  | { type: "emit"; event: ExecutionEvent; data: Record<string, unknown> }
  /** The child run that carries out a task is not wanted any more. */
  | { type: "cancel_child"; taskId: string }
  /** A step with `store_memory` has completed. */
  | { type: "remember"; stepName: string }
  | { type: "usage"; task: TaskState; usage: TaskUsage; success: boolean };

type ExecutionEvent = EventNameOf<"execution">;

/** What a run itself has to say of an event: all but whose run it is. */
type Told<Data> = Data extends unknown ? Omit<Data, keyof RunOfEvent> : never;

/** A run being moved by one event: a private copy to write on, and the effects that the move has. */
export class RunDraft {
  readonly now: number;
  readonly effects: Effect[] = [];
  readonly expressions: ExpressionBudget;
  #run: RunState;
  readonly #steps: Record<string, StepState>;
  readonly #tasks: Record<string, TaskState>;
  #led = new Set<string>();

  /** Fuel that the run may have spent and reserved, its own budget aside. */
  readonly #maxFuel: number;

  /** @param fuelAbove fuel that the runs above it have for it, beside what it holds */
  constructor(run: RunState, now: number, fuelAbove: number) {
    this.now = now;
    this.#maxFuel = run.fuel.reserved + run.fuel.spent + fuelAbove;
    this.expressions = new ExpressionBudget(run.expressionWork);
    this.#steps = { ...run.steps };
    this.#tasks = { ...run.tasks };
    this.#run = { ...run, steps: this.#steps, tasks: this.#tasks };
  }

  get run(): RunState {
    return this.#run;
  }

  change(change: Partial<Omit<RunState, "header" | "steps" | "tasks">>): void {
    this.#run = { ...this.#run, ...change };
  }

  /** Something has led to a step: it begins with the cascade, if it may. */
  leadTo(name: string): void {
    this.#led.add(name);
  }

  /** Steps that something has led to since this was asked last. */
  takeLed(): ReadonlySet<string> {
    const led = this.#led;
    this.#led = new Set();
    return led;
  }

  step(name: string): StepState | undefined {
    return this.#steps[name];
  }

  putStep(step: StepState): void {
    this.#steps[step.name] = step;
  }

  changeStep(name: string, change: Partial<StepState>): void {
    const step = this.#steps[name];
    if (step) this.#steps[name] = { ...step, ...change };
  }

  task(id: string): TaskState | undefined {
    return this.#tasks[id];
  }

  putTask(task: TaskState): void {
    this.#tasks[task.id] = task;
  }

  changeTask(id: string, change: Partial<TaskState>): void {
    const task = this.#tasks[id];
    if (task) this.#tasks[id] = { ...task, ...change };
  }

  tasksOf(stepName: string): TaskState[] {
    return Object.values(this.#tasks).filter((task) => task.stepName === stepName);
  }

  /** Tells the watchers; `eventOf` adds whose run it is. */
  emit<Name extends ExecutionEvent>(event: Name, data: Told<EventData<Name>>): void {
    this.effects.push({ type: "emit", event, data });
  }

  /** Fuel that nothing has spent or reserved, here or in the runs above. */
  get availableFuel(): number {
    const { budget, reserved, spent } = this.#run.fuel;
    return Math.min(budget, this.#maxFuel) - reserved - spent;
  }

  /** Moves fuel between available, reserved and spent. */
  moveFuel({ reserved = 0, spent = 0 }: { reserved?: number; spent?: number }): void {
    const { fuel } = this.#run;
    this.change({ fuel: { ...fuel, reserved: fuel.reserved + reserved, spent: fuel.spent + spent } });
  }
}
