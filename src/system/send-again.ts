import { auditAction } from "#src/audit/index.ts";
import { isFinished } from "#src/engine/run-state.ts";
import type { Account } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { type PlatformBody, partsOf, platformMessageSchema } from "#src/objects/platform-message.ts";
import type { Platform } from "#src/platform.ts";
import { type DeadLetterRow, markRedriven } from "#src/read-models/index.ts";
import {
  isMessageOn,
  isQueue,
  isTaskQueue,
  type MessageOn,
  maintenanceMessageSchema,
  type QueueName,
  taskEnvelopeSchema,
} from "#src/tasks/index.ts";
import { bodyOf } from "./dead-letter-view.ts";

/**
 * Sends a dead letter to its queue again. Sent first, marked afterwards, because every receiver takes a message twice
 * without harm. The audit row comes first: nothing is done without one.
 * @throws AppError `CONFLICT` for what can never succeed
 */
export async function sendAgain(
  { db, clock, queues, objects }: Platform,
  actor: Account,
  letter: DeadLetterRow,
): Promise<DeadLetterRow> {
  const { id, queue } = letter;
  if (!isQueue(queue)) throw new AppError("CONFLICT", { message: `There is no queue ${queue} any more` });
  const body = messageOf(queue, bodyOf(letter));
  if (isTaskQueue(queue)) await requireOpenTask(body, objects);
  await auditAction({ db, clock }, actor, {
    action: "dead_letter.redriven",
    target: { type: "dead_letter", id },
    clientId: letter.clientId ?? actor.clientId,
    details: { queue, task_id: letter.taskId },
  });
  await queues.of(queue).send(body);
  const redrivenAt = clock.now();
  await markRedriven(db, id, actor.userId, redrivenAt);
  return { ...letter, redrivenAt, redrivenBy: actor.userId };
}

const unreadable = () =>
  new AppError("CONFLICT", { message: "The message cannot be read: it would only come back" });

/** What is to be sent again: the message as it was, or what of it can be read. */
function messageOf(queue: QueueName, body: unknown): MessageOn<QueueName> {
  if (queue === "platform-events" && !maintenanceMessageSchema.safeParse(body).success)
    return readableParts(body);
  if (!isMessageOn(queue, body)) throw unreadable();
  return body;
}

/** What of a message for the read models can be written; a part that cannot be read leaves the others. */
function readableParts(body: unknown): PlatformBody {
  const parts = partsOf(body).flatMap((part) => platformMessageSchema.safeParse(part).data ?? []);
  const [only] = parts;
  if (!only) throw unreadable();
  return Array.isArray(body) ? parts : only;
}

async function requireOpenTask(body: unknown, objects: Platform["objects"]): Promise<void> {
  const envelope = taskEnvelopeSchema.safeParse(body);
  if (!envelope.success) throw unreadable();
  const { client_id, correlation_id, task_id } = envelope.data;
  const tenant = await objects.workflowsOfRun(client_id, correlation_id);
  const run = await tenant.getRun(correlation_id, "tenant");
  if (!run.ok) throw new AppError("CONFLICT", { message: "The task's run is gone" });
  if (isFinished(run.value)) {
    throw new AppError("CONFLICT", {
      message: `The task's run is ${run.value.status}: execute the persona again`,
      details: { correlation_id, status: run.value.status },
    });
  }
  // A run may have gone on without the step, by its `on_error`.
  const step = run.value.steps.find(({ name }) => task_id.startsWith(`${correlation_id}.${name}.`));
  if (step?.completed_at !== null) {
    throw new AppError("CONFLICT", {
      message: `The task's step is ${step?.status ?? "gone"}: its run has gone on without it`,
      details: { correlation_id, step: step?.name, status: step?.status },
    });
  }
}
