import { z } from "zod";
import type { RunState, StepState, TaskState } from "#src/engine/run-state.ts";
import type { Transcript } from "#src/engine/tool-loop/transcript.ts";
import { isOut, taskEnds } from "./run-facts.ts";

const rulesSchema = z.array(z.object({ tool: z.string(), verdict: z.string() })).catch([]);
const callsSchema = z.object({
  calls: z.array(z.object({ id: z.string(), name: z.string(), input: z.unknown() })),
});

/** What a tool of a random plan is done by. */
const actions: Readonly<Record<string, string>> = {
  web_search: "web_search",
  generate_image: "ai_image_generate",
  search_memory: "retrieve_memory",
  remember: "store_memory",
};

const isCall = ({ key }: TaskState): boolean => key.startsWith("t");
const hasEnded = ({ status }: TaskState): boolean => taskEnds.includes(status);

/** The calls that a turn's task has made. */
export const callsOf = (task: TaskState | undefined) => callsSchema.safeParse(task?.output).data?.calls ?? [];

const verdictOf = ({ header: { config } }: RunState, tool: string): string | undefined =>
  rulesSchema.parse(config.tool_policy).find((rule) => rule.tool === tool)?.verdict;

/** Rules of a step whose model has tools, told by its tasks alone. */
export function* brokenByRounds(
  run: RunState,
  step: StepState,
  tasks: readonly TaskState[],
): Generator<string> {
  const { name, status } = step;
  const { tools = [], max_turns = 8, max_calls = 16, on_limit = "fail" } = run.header.plan.steps[name] ?? {};
  const turns = tasks.filter((task) => !isCall(task));
  const calls = tasks.filter(isCall);
  const most = max_turns + (on_limit === "answer" ? 1 : 0);
  if (turns.length > most) yield `step ${name} has taken ${turns.length} turns, and may take ${most}`;
  if (calls.length > max_calls)
    yield `step ${name} has made ${calls.length} calls, and may make ${max_calls}`;
  for (const [turn, task] of turns.entries()) {
    if (task.key !== `m${turn}`) yield `step ${name} has ${task.key} as its turn ${turn}`;
    const made = calls.filter(({ key }) => key.startsWith(`t${turn}.`));
    if (made.length > 8) yield `step ${name} has made ${made.length} calls in turn ${turn}`;
    yield* brokenByCalls(run, task, made, tools);
    const isGoneOn = turns.length > turn + 1;
    if (isGoneOn && !made.every(hasEnded))
      yield `step ${name} has gone on from turn ${turn} before its calls`;
    if (isGoneOn && callsOf(task).length === 0) yield `step ${name} has gone on from an answer`;
    const doable = callsOf(task).filter((call) => isDoable(run, call, tools)).length;
    if (isGoneOn && made.length < Math.min(8, doable) && calls.length < max_calls)
      yield `step ${name} has left out calls of turn ${turn}`;
  }
  const last = turns.at(-1);
  if (status === "completed" && callsOf(last).length > 0 && turns.length < most)
    yield `step ${name} has ended with calls that nobody carried out`;
  if (status === "completed" && !calls.every(hasEnded)) yield `step ${name} has ended before its calls`;
}

/** What the plan calls a tool that a model calls by another name. */
const planned = (name: string): string => name.replace(/^workflow_/, "workflow:");

const isDoable = (
  run: RunState,
  { name, input }: { name: string; input: unknown },
  tools: readonly string[],
) => tools.includes(planned(name)) && verdictOf(run, name) !== "deny" && typeof input === "object";

function* brokenByCalls(
  run: RunState,
  turn: TaskState,
  made: readonly TaskState[],
  tools: readonly string[],
): Generator<string> {
  const calls = callsOf(turn);
  for (const task of made) {
    const call = calls[Number(task.key.split(".")[1])];
    if (!call) {
      yield `task ${task.id} is a call that nobody has made`;
      continue;
    }
    const verdict = verdictOf(run, call.name);
    if (!isDoable(run, call, tools)) yield `task ${task.id} carries out ${call.name}, which may not be`;
    if (
      actions[call.name] === undefined
        ? task.topic !== planned(call.name)
        : task.action !== actions[call.name]
    )
      yield `task ${task.id} does ${task.action} for ${call.name}`;
    const isAllowed = verdict !== "ask" || task.ask?.answer?.approved === true;
    if (!isAllowed && (isOut(task) || task.status === "completed" || task.dispatchedAt !== undefined))
      yield `task ${task.id} went out before anybody had allowed it`;
  }
}

/** What is wrong with what a consumer was told of the turns before its own. */
export function* brokenTranscript(
  run: RunState,
  task: TaskState,
  input: unknown,
  transcript: Transcript | undefined,
): Generator<string> {
  if (!transcript) return yield `the turn ${task.id} was handed out without its transcript`;
  const { rounds, turn } = transcript;
  const ofStep = Object.values(run.tasks).filter(({ stepName }) => stepName === task.stepName);
  const find = (key: string) => ofStep.find((each) => each.key === key);
  if (task.key !== `m${turn}` || rounds.length !== turn)
    yield `the turn ${task.id} was given ${rounds.length}`;
  if (JSON.stringify(input) !== JSON.stringify(find("m0")?.input)) yield `${task.id} has another input`;
  for (const [index, { results }] of rounds.entries()) {
    const calls = callsOf(find(`m${index}`));
    const names = (list: readonly { id: string; name: string }[]) =>
      list.map(({ id, name }) => `${id} ${name}`);
    if (names(results).join() !== names(calls).join())
      yield `${task.id} was told results of ${names(results)} for ${names(calls)}`;
    for (const [at, { isError, text }] of results.entries()) {
      const done = find(`t${index}.${at}`);
      const said = done?.output ? JSON.stringify(done.output) : (done?.error?.code ?? "");
      if (isError !== !done?.output || !text.includes(said))
        yield `${task.id} was told another result: ${text}`;
    }
  }
}
