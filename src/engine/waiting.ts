import { isoTime, isoTimeOrNull } from "#src/kernel/clock.ts";
import { type Outcome, refusal, success } from "#src/kernel/outcome.ts";
import { jsonBytes } from "./limits.ts";
import { isAsked, type RunState, type StepState, type TaskState, type ToolQuestion } from "./run-state.ts";
import type { RunView, WaitingGate } from "./run-view.ts";
import { hasRounds } from "./tool-loop/loop-of-step.ts";

/** Steps of the run's own that wait for a person, the one that began first in front. */
export const pausesOf = (run: RunState): StepState[] =>
  Object.values(run.steps)
    .filter(({ status, action }) => status === "paused" && action === "pause_for_human_input")
    .sort((a, b) => a.order - b.order);

/** Calls of tools that wait for a person to allow them. */
export const questionsOf = (run: RunState): TaskState[] => Object.values(run.tasks).filter(isAsked);

/** What an answer to such a question names. */
export const gateOfTask = ({ stepName, key }: TaskState): string => `${stepName}.${key}`;

/** What a person looks at who is asked for a call: the tool with its arguments and, where it says so, what would change. */
export const reviewOfCall = (
  input: TaskState["input"],
  { tool, before, after }: Pick<ToolQuestion, "tool" | "before" | "after">,
) => ({ tool, input, ...(before && { before }), ...(after && { after }) });

const questionOf = (run: RunState, task: TaskState): WaitingGate[] =>
  task.ask
    ? [
        {
          step: gateOfTask(task),
          since: isoTime(task.ask.since),
          expires_at: isoTime(task.ask.until),
          review: reviewOfCall(task.input, task.ask),
          correlation_id: run.header.id,
          needs: task.ask.needs ?? null,
        },
      ]
    : [];

const reviewOf = ({ output }: StepState): unknown =>
  typeof output === "object" && output !== null && "review" in output ? output.review : null;

/** The gates of a run's own that wait for a person: what an answer names, and what there is to look at. */
export const gatesOf = (run: RunState): WaitingGate[] => [
  ...pausesOf(run).map((step) => ({
    step: step.name,
    since: isoTime(step.startedAt),
    expires_at: isoTimeOrNull(step.deadline),
    review: reviewOf(step),
    correlation_id: run.header.id,
    needs: null,
  })),
  ...questionsOf(run).flatMap((task) => questionOf(run, task)),
];

/** A gate as its plan words it, and what a rejection leads to. */
export interface AskedGate extends WaitingGate {
  /** Empty where the plan says nothing, and of a tool's call. */
  description: string;
  rejectionEndsRun: boolean;
}

/**
 * What a gate asks.
 * @param run the one that the gate is a step of
 */
export function askedOf({ header }: RunState, gate: WaitingGate): AskedGate {
  // The name of a step has no point in it; that of a task begins with its step's.
  const [name = ""] = gate.step.split(".");
  const step = header.plan.steps[name];
  const isOfTask = gate.step !== name;
  return {
    ...gate,
    description: isOfTask ? "" : (step?.description ?? ""),
    // A model's call that is not allowed fails alone: its step goes on without it.
    rejectionEndsRun: step !== undefined && step.on_error === undefined && !(isOfTask && hasRounds(step)),
  };
}

/**
 * Which gate an answer is for: the one it names, or the only one that waits. A repeated answer names a gate that
 * waits no more, and does not fall to the next; nor does one for a step of the run to that of a child run.
 */
export function gateMeant(
  { correlation_id: id, steps, waiting: gates }: Pick<RunView, "correlation_id" | "steps" | "waiting">,
  step: string | undefined,
): Outcome<WaitingGate> {
  const waiting = gates.map(({ step: name, correlation_id }) => ({ step: name, correlation_id }));
  // The name of a step has no point in it; that of a tool's call begins with its step's.
  const isOwn = steps.some(({ name }) => name === step?.split(".")[0]);
  const [gate, ...others] = gates.filter(
    (each) => step === undefined || (each.step === step && (!isOwn || each.correlation_id === id)),
  );
  if (!gate) {
    return gates.length === 0
      ? refusal("CONFLICT", "The run is not waiting for an answer")
      : refusal("CONFLICT", `${step} is not waiting for an answer`, { waiting });
  }
  if (others.length === 0) return success(gate);
  const names = [...new Set(gates.map((each) => each.step))].join(", ");
  const message =
    step === undefined
      ? `Several steps wait for an answer: ${names}. Name one as \`step\``
      : `Several runs wait for an answer to ${step}. Answer one of them by its own id`;
  return refusal("APPROVAL_AMBIGUOUS", message, { waiting });
}

/** Reviews beyond this are left out of an event: each is in the event that told of its gate, and in the run. */
const maxReviewBytes = 4096;

/** The same for an event, which has to stay small. */
export const waitingForEvent = (run: RunState): Omit<WaitingGate, "review">[] => {
  const gates = gatesOf(run);
  return jsonBytes(gates) <= maxReviewBytes ? gates : gates.map(({ review: _, ...gate }) => gate);
};
