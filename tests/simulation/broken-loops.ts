import { advance } from "#src/engine/engine.ts";
import type { RunEvent } from "#src/engine/run-event.ts";
import { isAsked, type RunHeader, type TaskState } from "#src/engine/run-state.ts";
import { callsOf } from "./loop-rules.ts";

type Engine = typeof advance;

/** Ours, taken in by a header that is not the run's. */
const misled =
  (change: (header: RunHeader) => Partial<RunHeader>): Engine =>
  (state, event, ...when) => {
    const { header } = state;
    const transition = advance({ ...state, header: { ...header, ...change(header) } }, event, ...when);
    return { ...transition, state: { ...transition.state, header } };
  };

const withSteps = ({ plan }: RunHeader, more: object): Pick<RunHeader, "plan"> => ({
  plan: {
    ...plan,
    steps: Object.fromEntries(
      Object.entries(plan.steps).map(([name, step]) => [name, step.tools ? { ...step, ...more } : step]),
    ),
  },
});

const withPolicy = ({ config }: RunHeader, tool_policy: unknown): Pick<RunHeader, "config"> => ({
  config: { ...config, tool_policy },
});

/** Ours, which takes an answer for one with other calls than it has. */
const mishearing =
  (change: (calls: ReturnType<typeof callsOf>) => unknown): Engine =>
  (state, event, ...when) => {
    const task = "taskId" in event ? state.tasks[event.taskId] : undefined;
    if (event.type !== "task_completed" || !task || !Array.isArray(event.result.output.calls))
      return advance(state, event, ...when);
    const { output } = event.result;
    const calls = change(callsOf({ ...task, output }));
    const heard: RunEvent = { ...event, result: { ...event.result, output: { ...output, calls } } };
    const { dataBytes } = advance(state, event, ...when).state;
    const transition = advance(state, heard, ...when);
    const told = transition.state.tasks[task.id];
    if (told?.status !== "completed") return transition;
    const tasks = { ...transition.state.tasks, [task.id]: { ...told, output } };
    return { ...transition, state: { ...transition.state, tasks, dataBytes } };
  };

/** Ours, which takes some tasks for cancelled whenever another one is over. */
const overlooking =
  (isOverlooked: (task: TaskState) => boolean): Engine =>
  (state, event, ...when) => {
    const about = "taskId" in event ? event.taskId : undefined;
    const lost = Object.values(state.tasks).filter((task) => task.id !== about && isOverlooked(task));
    if (event.type !== "task_completed" || lost.length === 0) return advance(state, event, ...when);
    const over = lost.map((task) => [task.id, { ...task, status: "cancelled" as const }]);
    const believed = { ...state, tasks: { ...state.tasks, ...Object.fromEntries(over) } };
    const transition = advance(believed, event, ...when);
    const real = Object.fromEntries(lost.map((task) => [task.id, task]));
    return {
      ...transition,
      state: { ...transition.state, tasks: { ...transition.state.tasks, ...real } },
    };
  };

const isCall = ({ key }: TaskState): boolean => /^t\d+\.\d+$/.test(key);

/** Engines whose steps of rounds have one thing wrong each. */
export const brokenLoops: Record<string, Engine> = {
  "carries out what is denied": misled((header) => withPolicy(header, [])),
  "asks nobody before it uses a tool": misled((header) => {
    const rules = JSON.stringify(header.config.tool_policy ?? []).replaceAll('"ask"', '"allow"');
    return withPolicy(header, JSON.parse(rules));
  }),
  "takes turns without end": misled((header) => withSteps(header, { max_turns: 25 })),
  "makes calls without end": misled((header) => withSteps(header, { max_calls: 50 })),
  "uses tools that its step does not name": misled((header) =>
    withSteps(header, { tools: ["web_search", "generate_image", "search_memory", "remember"] }),
  ),
  "leaves out the first call": mishearing((calls) => calls.slice(1)),
  "makes a call twice": mishearing((calls) => calls.flatMap((call) => [call, call])),
  "makes calls in another order": mishearing((calls) => [...calls].reverse()),
  "goes on before all calls are over": overlooking((task) => isCall(task) && task.status === "dispatched"),
  "goes on before a person has answered": overlooking(isAsked),
};
