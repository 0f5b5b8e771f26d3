import { z } from "@hono/zod-openapi";
import { withoutPrefix } from "#src/text/cut-text.ts";
import type { TaskState } from "../run-state.ts";
import type { RunError } from "../run-view.ts";
import type { OfferedTool } from "./offered-tools.ts";

/** Calls of one turn that are carried out; what is beyond is told to the model. */
export const callsPerTurn = 8;

/** What may be done in a step of rounds. */
export interface ToolLoop {
  /** By the names that the model calls them by. */
  tools: ReadonlyMap<string, OfferedTool>;
  /** Calls of the model that may ask for tools. */
  maxTurns: number;
  /** Calls of tools that are carried out. */
  maxCalls: number;
  /** What follows when the last of those turns asks for tools: an error, or a last answer without any. */
  onLimit: "fail" | "answer";
}

/** What the loop looks at of a step's tasks. */
export type LoopTask = Pick<TaskState, "key" | "status" | "output" | "error">;

/** A call as a model has made it. */
const callSchema = z.object({ id: z.string(), name: z.string(), input: z.unknown() });
export type ToolCall = z.infer<typeof callSchema>;

const answerSchema = z.object({ text: z.string().catch(""), calls: z.array(callSchema).catch([]) });

/** What becomes of a call: a task under its key, or an error that the model is told. */
export type Decision = { call: ToolCall; key: string } & (
  | { order: Pick<TaskState, "action" | "topic" | "input">; asks: boolean }
  | { refusal: string }
);

/** What a step of rounds does next. */
export type LoopMove =
  | { type: "wait" }
  | { type: "call_tools"; calls: Extract<Decision, { order: unknown }>[] }
  | { type: "ask_model"; key: string }
  | { type: "end"; output: Record<string, unknown> }
  | { type: "fail"; error: RunError };

export const modelKey = (turn: number): string => `m${turn}`;
const toolKey = (turn: number, index: number): string => `t${turn}.${index}`;

/** Whether a task of a step of rounds is a call of a tool, which may fail without the step. */
export const isToolCall = ({ key }: Pick<TaskState, "key">): boolean => key.startsWith("t");

/** The turn that a model's task is, from 0. */
export const turnOf = ({ key }: Pick<TaskState, "key">): number => Number(withoutPrefix(key, "m"));

/** The turn that has made a call of a tool. */
export const turnOfCall = ({ key }: Pick<TaskState, "key">): number =>
  Number.parseInt(withoutPrefix(key, "t"), 10);

const isOver = ({ status }: LoopTask): boolean =>
  status === "completed" || status === "failed" || status === "cancelled";

export const answerIn = (task: LoopTask | undefined) => answerSchema.parse(task?.output ?? {});

const taskOf = (tasks: readonly LoopTask[], key: string): LoopTask | undefined =>
  tasks.find((task) => task.key === key);

/** Whether a turn is the last answer, for which there are no tools any more. */
export const isLastAnswer = ({ maxTurns }: ToolLoop, turn: number): boolean => turn >= maxTurns;

/**
 * What becomes of the calls of a turn, in the model's order. The same whenever it is asked: it goes by the answer, and
 * by the calls of the turns before.
 */
export function decisionsOf(loop: ToolLoop, tasks: readonly LoopTask[], turn: number): Decision[] {
  const earlier = tasks.filter((task) => isToolCall(task) && turnOfCall(task) < turn);
  let left = Math.min(callsPerTurn, loop.maxCalls - earlier.length);
  return answerIn(taskOf(tasks, modelKey(turn))).calls.map((call, index): Decision => {
    const decided = { call, key: toolKey(turn, index) };
    const tool = loop.tools.get(call.name);
    if (!tool) return { ...decided, refusal: `There is no tool ${call.name}` };
    if (tool.verdict === "deny") return { ...decided, refusal: `${call.name} may not be used` };
    const read = tool.read(call.input);
    if (!read.ok) return { ...decided, refusal: `Not the arguments of ${call.name}: ${read.problem}` };
    if (left <= 0) return { ...decided, refusal: "Too many calls: this one was not carried out" };
    left--;
    const { action, topic, verdict } = tool;
    return { ...decided, order: { action, topic, input: read.input }, asks: verdict === "ask" };
  });
}

const limitReached: RunError = {
  code: "TOOL_LOOP_LIMIT",
  message: "The model still asked for tools in its last turn",
};

/**
 * The tool loop: what follows from the tasks that a step of rounds has by now. Pure, and the only one: `m0` asks the
 * model, its calls are the tasks `t0.0`, `t0.1`, …, their results go to `m1`, until an answer asks for no tool.
 */
export function nextMove(loop: ToolLoop, tasks: readonly LoopTask[]): LoopMove {
  const turn = tasks.filter((task) => !isToolCall(task)).length - 1;
  const asked = taskOf(tasks, modelKey(turn));
  if (asked?.status !== "completed" || !asked.output) return { type: "wait" };
  const { calls, text } = answerIn(asked);
  const isLast = isLastAnswer(loop, turn);
  if (calls.length === 0 || (isLast && text !== ""))
    return { type: "end", output: outputOf(asked.output, tasks) };
  if (isLast || (turn === loop.maxTurns - 1 && loop.onLimit === "fail"))
    return { type: "fail", error: limitReached };
  const wanted = decisionsOf(loop, tasks, turn).flatMap((each) => ("order" in each ? each : []));
  const made = wanted.map(({ key }) => taskOf(tasks, key));
  if (wanted.length > 0 && made.every((task) => task === undefined))
    return { type: "call_tools", calls: wanted };
  return made.every((task) => task && isOver(task))
    ? { type: "ask_model", key: modelKey(turn + 1) }
    : { type: "wait" };
}

/** What a step of rounds puts out: the last answer, and how it came about. */
function outputOf({ blocks: _, calls: __, ...answer }: Record<string, unknown>, tasks: readonly LoopTask[]) {
  const made = tasks.filter(isToolCall);
  return { ...answer, turns: tasks.length - made.length, tool_calls: made.length };
}
