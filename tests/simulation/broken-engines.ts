import { advance, type Transition } from "#src/engine/engine.ts";
import type { Effect } from "#src/engine/run-draft.ts";
import type { RunEvent } from "#src/engine/run-event.ts";
import { isFinished, type RunState, type StepState, type TaskState } from "#src/engine/run-state.ts";

import { pausesOf } from "#src/engine/waiting.ts";

type Engine = typeof advance;

/** Ours, with something done to each transition that it makes. */
const after =
  (spoil: (transition: Transition, before: RunState, event: RunEvent) => Partial<Transition>): Engine =>
  (state, event, ...when) => {
    const transition = advance(state, event, ...when);
    return transition.applied ? { ...transition, ...spoil(transition, state, event) } : transition;
  };

/** Ours, without some of the effects. */
const withoutEffects = (isLost: (effect: Effect) => boolean): Engine =>
  after(({ effects }) => ({ effects: effects.filter((effect) => !isLost(effect)) }));

const withTask = (run: RunState, change: Pick<TaskState, "id"> & Partial<TaskState>): RunState => {
  const task = run.tasks[change.id];
  return task ? { ...run, tasks: { ...run.tasks, [task.id]: { ...task, ...change } } } : run;
};

/** Ours, for a plan without some of its steps. */
function without(lost: ReadonlySet<string>): Engine {
  return (state, event, ...when) => {
    const { plan } = state.header;
    const steps = Object.fromEntries(Object.entries(plan.steps).filter(([name]) => !lost.has(name)));
    const header = { ...state.header, plan: { ...plan, steps } };
    const transition = advance({ ...state, header }, event, ...when);
    return { ...transition, state: { ...transition.state, header: state.header } };
  };
}

/** Ours, but where an event makes several steps begin, one of them may end the run before the others do. */
const endingEarly =
  (
    endsEarly: (step: StepState) => boolean,
    isLost: (name: string, end: string, run: RunState) => boolean,
  ): Engine =>
  (state, event, ...when) => {
    const transition = advance(state, event, ...when);
    const begun = Object.values(transition.state.steps).filter(({ name }) => !state.steps[name]);
    const end = begun.find(endsEarly);
    const lost = begun.filter(({ name }) => end && name !== end.name && isLost(name, end.name, state));
    if (!end || lost.length === 0) return transition;
    const early = without(new Set(lost.map(({ name }) => name)))(state, event, ...when);
    return early.state.status === "completed" && early.state.steps[end.name] ? early : transition;
  };

/** An engine that asks after each step whether the run has come to its end; only what it leaves behind tells. */
export const endsWithFirstBranch = endingEarly(
  ({ passed }) => passed,
  () => true,
);

/** An engine that begins steps beside a completion if they come before it in the plan; only another order of keys tells. */
export const goesByKeys = endingEarly(
  ({ action, status }) => action === "complete_workflow" && status === "completed",
  (name, end, { header }) => {
    const keys = Object.keys(header.plan.steps);
    return keys.indexOf(name) > keys.indexOf(end);
  },
);

/** Engines with one thing wrong each. The rules of the simulation must notice every one of them. */
export const brokenEngines: Record<string, Engine> = {
  "takes the report of any attempt": (state, event, ...when) => {
    const task = "taskId" in event ? state.tasks[event.taskId] : undefined;
    return advance(state, task && "attempt" in event ? { ...event, attempt: task.attempt } : event, ...when);
  },
  "applies the completion of a task that is over": (state, event, ...when) => {
    const done = event.type === "task_completed" && state.tasks[event.taskId]?.status === "completed";
    return advance(
      done ? withTask(state, { id: event.taskId, status: "dispatched" }) : state,
      event,
      ...when,
    );
  },
  "moves a run that has ended": (state, event, ...when) =>
    advance(
      isFinished(state) && event.type === "cancel" ? { ...state, status: "running" } : state,
      event,
      ...when,
    ),
  "keeps what a cancelled task had reserved": after(({ state }, before) => {
    const lost = Object.values(before.tasks).filter(
      ({ id, status }) => status === "dispatched" && state.tasks[id]?.status === "cancelled",
    );
    const reserved = lost.reduce((sum, task) => sum + task.fuelReserved, state.fuel.reserved);
    return { state: { ...state, fuel: { ...state.fuel, reserved } } };
  }),
  "spends more than the budget": (state, event, ...when) => {
    const { budget } = state.fuel;
    const transition = advance({ ...state, fuel: { ...state.fuel, budget: budget + 500 } }, event, ...when);
    return { ...transition, state: { ...transition.state, fuel: { ...transition.state.fuel, budget } } };
  },
  "leaves a task out of which a person is asked first": after(({ state }, _, event) =>
    event.type === "task_asked" ? { state: withTask(state, { id: event.taskId, status: "dispatched" }) } : {},
  ),
  "keeps what a task had reserved of which a person is asked": after(({ state }, before, { type }) =>
    type === "task_asked"
      ? { state: { ...state, fuel: { ...state.fuel, reserved: before.fuel.reserved } } }
      : {},
  ),
  "charges a fan-out twice": after(({ state }, before) => {
    const begun = Object.values(state.steps).some(
      ({ name, action }) => action === "fan_out" && !before.steps[name],
    );
    return begun ? { state: { ...state, fuel: { ...state.fuel, spent: state.fuel.spent + 5 } } } : {};
  }),
  "does not charge what a child has used": (state, event, ...when) =>
    event.type === "child_used" ? { state, effects: [], applied: false } : advance(state, event, ...when),
  "holds more for a child than it needs": (state, event, ...when) => {
    const { budget, reserved, spent } = state.fuel;
    if (event.type !== "child_used" || budget - reserved - spent < 1) return advance(state, event, ...when);
    const used = { ...event.used, held: event.used.held + 1 };
    return advance(state, { ...event, used }, ...when);
  },
  "does not count its revisions": after(({ state }, before) => ({
    state: { ...state, revision: Math.max(1, before.revision) },
  })),
  "changes what a step has put out": after(({ state }) => {
    const step = Object.values(state.steps).find(({ status }) => status === "completed");
    if (!step) return {};
    return {
      state: { ...state, steps: { ...state.steps, [step.name]: { ...step, output: state.revision } } },
    };
  }),
  "begins steps before their dependencies": (state, event, ...when) => {
    const { plan } = state.header;
    const steps = Object.entries(plan.steps).map(([name, step]) => [
      name,
      { ...step, dependencies: step.dependencies?.slice(0, 1) },
    ]);
    const header = { ...state.header, plan: { ...plan, steps: Object.fromEntries(steps) } };
    const transition = advance({ ...state, header }, event, ...when);
    return { ...transition, state: { ...transition.state, header: state.header } };
  },
  "takes an answer for the gate that began first": (state, event, ...when) => {
    if (event.type !== "answered") return advance(state, event, ...when);
    return advance(state, { ...event, step: pausesOf(state)[0]?.name }, ...when);
  },
  "does not tell which items have failed": after(({ state }) => {
    const step = Object.values(state.steps).find(({ errors }) => errors?.length);
    return step
      ? { state: { ...state, steps: { ...state.steps, [step.name]: { ...step, errors: [] } } } }
      : {};
  }),
  "ignores time": (state, event, ...when) =>
    event.type === "tick" ? { state, effects: [], applied: false } : advance(state, event, ...when),
  "gives up tasks that wait for their turn": (state, event, ...when) =>
    advance(state, event.type === "tick" ? { type: "tick" } : event, ...when),
  "gives tasks time that were sent long ago": after(({ state }, before, { type }) => {
    const task = Object.values(state.tasks).find(({ status }) => status === "dispatched");
    const isKnown = type === "tick" && task && before.tasks[task.id]?.status === "dispatched";
    return isKnown ? { state: withTask(state, { id: task.id, deadline: task.deadline + 60_000 }) } : {};
  }),
  "leaves a task out when the run ends": after(({ state }, before) => {
    const task = Object.values(before.tasks).find(({ status }) => status === "dispatched");
    return isFinished(state) && task ? { state: withTask(state, task) } : {};
  }),
  "does not start child runs": withoutEffects(
    (effect) => effect.type === "dispatch" && effect.taskId.includes(".s0."),
  ),
  "does not cancel child runs": withoutEffects(({ type }) => type === "cancel_child"),
  "does not tell when a step has ended": withoutEffects(
    (effect) => effect.type === "emit" && effect.data.status === "completed" && "step" in effect.data,
  ),
  "does not note that a consumer has a task": after(({ state }, _, { type }) => {
    const task = Object.values(state.tasks).find(({ claimedAt }) => typeof claimedAt === "number");
    return type === "tasks_claimed" && task
      ? { state: withTask(state, { id: task.id, claimedAt: null }) }
      : {};
  }),
  "does not tell that a task has gone out": withoutEffects(
    (effect) => effect.type === "emit" && effect.event === "execution.task.dispatched",
  ),
  "forgets the attempt before the last": after(({ state }) => {
    const task = Object.values(state.tasks).find(({ attempts }) => attempts && attempts.length > 1);
    return task ? { state: withTask(state, { id: task.id, attempts: task.attempts?.slice(1) }) } : {};
  }),
  "does not tell that an attempt is over": withoutEffects(
    (effect) => effect.type === "emit" && effect.event === "execution.task.delayed",
  ),
  "does not tell when the run has ended": withoutEffects(
    (effect) => effect.type === "emit" && effect.event === "execution.failed",
  ),
  "does not count the usage of a failed attempt": withoutEffects(
    (effect) => effect.type === "usage" && !effect.success,
  ),
  "counts usage twice": after(({ effects }) => ({
    effects: effects.flatMap((effect): Effect[] =>
      effect.type === "usage"
        ? [effect, { ...effect, task: { ...effect.task, attempt: effect.task.attempt + 100 } }]
        : [effect],
    ),
  })),
};
