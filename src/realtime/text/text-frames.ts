import type { TextFrame } from "#client/read-text.ts";
import { type PlatformEvent, terminalExecutionEvents } from "#src/events/index.ts";
import { isoTime } from "#src/kernel/clock.ts";
import type { EventOf } from "#src/kernel/event-catalogue.ts";
import type { TextSubject } from "#src/objects/texts-api.ts";

type TextEvent = EventOf<"execution.snapshot" | "execution.delta" | "execution.reset">;

function eventOf({ runId, instanceId, step, taskId }: TextSubject, frame: TextFrame): TextEvent {
  const { attempt } = frame;
  const writing = { correlation_id: runId, instance_id: instanceId, step, task_id: taskId, attempt };
  if (frame.kind === "reset") return { event: "execution.reset", data: writing };
  const { offset, text } = frame;
  return { event: `execution.${frame.kind}`, data: { ...writing, offset, text } };
}

/** What a socket is told of a text: an event that is in no log, so without a number. */
export const textFrame = (subject: TextSubject, frame: TextFrame, now: number): string =>
  JSON.stringify({
    type: "event",
    ...eventOf(subject, frame),
    entity_id: subject.runId,
    timestamp: isoTime(now),
  });

/** Whom the frames of a text are for: who may and wants to hear its deltas gets the others with them. */
export const textAudience = ({ runId, ownerUserId }: TextSubject) => ({
  event: "execution.delta",
  entity_id: runId,
  owner_user_id: ownerUserId,
});

const endsOfTasks = ["execution.task.completed", "execution.task.failed", "execution.task.cancelled"];
const endsOfSteps = ["completed", "failed", "cancelled", "skipped"];

/** The task that is over with an event, if it tells of one. */
export const taskEndedBy = ({ event, data }: Pick<PlatformEvent, "event" | "data">): string | undefined =>
  endsOfTasks.includes(event) ? String(data.task_id) : undefined;

/** The texts that are over with an event: those of a task, of a step, or of a whole run; undefined for none. */
export function textsEndedBy(told: {
  event: string;
  entity_id: string;
  data: Record<string, unknown>;
}): ((subject: TextSubject) => boolean) | undefined {
  const { event, entity_id, data } = told;
  if (endsOfTasks.includes(event)) return ({ taskId }) => taskId === data.task_id;
  if (terminalExecutionEvents.includes(event)) return ({ runId }) => runId === entity_id;
  if (event !== "execution.progress" || !endsOfSteps.includes(String(data.status))) return undefined;
  const ofStep = `${data.child_id ?? data.correlation_id}.${data.step}.`;
  return ({ taskId }) => taskId.startsWith(ofStep);
}
