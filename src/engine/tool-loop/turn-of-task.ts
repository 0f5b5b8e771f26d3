import type { RunState, TaskState } from "../run-state.ts";
import { handoverTopic, recommendTopic } from "../topics.ts";
import { hasRounds, loopOf } from "./loop-of-step.ts";
import { isToolCall, modelKey, turnOf, turnOfCall } from "./tool-loop.ts";
import { type Transcript, transcriptOf } from "./transcript.ts";

/** A turn of the model's as its task is to be done: with the input of its step, and all that has been said and done in it. */
export interface Turn {
  input: Record<string, unknown>;
  transcript: Transcript;
}

/** Where tools have to know the turn that they are called in. */
const ofTurns: readonly string[] = [handoverTopic, recommendTopic];

/**
 * The turn that a task is; undefined of one that is no model's in a step of rounds. Whoever hands a conversation over
 * ends the turn that the call is of, and needs what was said and done in it as well; whoever recommends, whom it is for.
 */
export function turnOfTask({ header, tasks }: RunState, task: TaskState): Turn | undefined {
  const step = header.plan.steps[task.stepName];
  if (!step || !hasRounds(step) || (isToolCall(task) && !ofTurns.includes(task.topic))) return undefined;
  const ofStep = Object.values(tasks).filter(({ stepName }) => stepName === task.stepName);
  const first = ofStep.find(({ key }) => key === modelKey(0)) ?? task;
  const turn = isToolCall(task) ? turnOfCall(task) + 1 : turnOf(task);
  const input = { ...(isToolCall(task) && task.input), ...first.input };
  return { input, transcript: transcriptOf(loopOf(step, header), ofStep, turn) };
}
