import { cutText } from "#src/text/cut-text.ts";
import { jsonBytes } from "./limits.ts";
import type { RunDraft } from "./run-draft.ts";
import type { TaskAttempt, TaskState } from "./run-state.ts";
import type { RunError } from "./run-view.ts";
import { placeOf } from "./step-orders.ts";

/** What an attempt and an event say of an error: a task may have thirty of them, and the last is with the task in full. */
const maxMessageCharacters = 500;
const maxDetailBytes = 1024;

export const briefError = ({ code, message, details }: RunError): RunError => ({
  code,
  message: cutText(message, maxMessageCharacters),
  ...(details !== undefined && jsonBytes(details) <= maxDetailBytes ? { details } : {}),
});

/** What every event of a task says: which one it is, and in which attempt. */
export function taskOfEvent({ run: { header } }: RunDraft, task: TaskState) {
  const { id, stepName, key, action, attempt } = task;
  return { step: stepName, task_id: id, ...placeOf(header.plan.steps[stepName], key), action, attempt };
}

/**
 * Notes that an attempt is over and another one follows, and tells the watchers.
 * @param error why it failed; null when its task was given back unharmed
 * @param isFree whether it is not worth remembering: it waits for another call to find out about the provider
 */
export function endAttempt(
  draft: RunDraft,
  task: TaskState,
  { error, delayMs, isFree = false }: { error: RunError | null; delayMs: number; isFree?: boolean },
): void {
  const providerMs = draft.task(task.id)?.providerMs;
  const ended: TaskAttempt = {
    attempt: task.attempt,
    dispatchedAt: task.dispatchedAt ?? task.notBefore,
    claimedAt: task.claimedAt ?? null,
    endedAt: draft.now,
    ...(providerMs === undefined ? {} : { providerMs }),
    error: error && briefError(error),
    delayMs,
  };
  draft.changeTask(task.id, {
    dispatchedAt: null,
    claimedAt: null,
    providerMs: undefined,
    ...(isFree ? {} : { attempts: [...(task.attempts ?? []), ended] }),
  });
  draft.emit("execution.task.delayed", {
    ...taskOfEvent(draft, task),
    delay_ms: delayMs,
    ...(ended.error && { error: ended.error }),
  });
}
