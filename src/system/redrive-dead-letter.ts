import { type AuditEntry, auditStatement } from "#src/audit/audit-repository.ts";
import type { Database } from "#src/db/client.ts";
import { isFinished } from "#src/engine/run-state.ts";
import { type Account, assertPermission, requirePlatform } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { Clock } from "#src/kernel/clock.ts";
import type { Device } from "#src/kernel/device.ts";
import { type PlatformBody, partsOf, platformMessageSchema } from "#src/objects/platform-message.ts";
import type { TenantWorkflowsApi } from "#src/objects/tenant-workflows-api.ts";
import { type DeadLetterRow, findDeadLetter, markRedriven } from "#src/read-models/dead-letter-repository.ts";
import { taskEnvelopeSchema } from "#src/tasks/envelope.ts";
import {
  isMessageOn,
  isQueue,
  isTaskQueue,
  type MessageOn,
  type QueueName,
  type Queues,
} from "#src/tasks/queues.ts";

interface Redrive {
  db: Database;
  clock: Clock;
  /** Where the administrator's request came from. */
  device: Device;
  queues: Queues;
  workflowsOf(clientId: string, runId: string): TenantWorkflowsApi;
}

/**
 * Sends a dead letter to its queue again: sent first, marked afterwards, because
 * every receiver takes a message twice without harm. The audit row comes first: nothing is done without one.
 * @throws AppError `NOT_FOUND`, `CONFLICT` for what can never succeed
 */
export async function redriveDeadLetter(
  { db, clock, device, queues, workflowsOf }: Redrive,
  actor: Account,
  id: string,
): Promise<DeadLetterRow> {
  assertPermission(actor, "admin.system");
  requirePlatform(actor);
  const letter = await findDeadLetter(db, id);
  if (!letter) throw new AppError("NOT_FOUND");
  const { queue } = letter;
  if (!isQueue(queue)) throw new AppError("CONFLICT", { message: `There is no queue ${queue} any more` });
  const body = messageOf(queue, bodyOf(letter));
  if (isTaskQueue(queue)) await requireOpenTask(body, workflowsOf);
  const redrivenAt = clock.now();
  const entry: AuditEntry = {
    actorId: actor.userId,
    action: "dead_letter.redriven",
    target: { type: "dead_letter", id },
    clientId: letter.clientId ?? actor.clientId,
    details: { queue, task_id: letter.taskId },
    device,
  };
  await auditStatement(db, entry, redrivenAt);
  await queues.of(queue).send(body);
  await markRedriven(db, id, actor.userId, redrivenAt);
  return { ...letter, redrivenAt, redrivenBy: actor.userId };
}

const unreadable = () =>
  new AppError("CONFLICT", { message: "The message cannot be read: it would only come back" });

/** What is to be sent again: the message as it was, or what of it can be read. */
function messageOf(queue: QueueName, body: unknown): MessageOn<QueueName> {
  if (queue === "platform-events") return readableParts(body);
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

/** The body as it was sent; undefined for one that was cut off. */
export function bodyOf({ body }: Pick<DeadLetterRow, "body">): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

async function requireOpenTask(body: unknown, workflowsOf: Redrive["workflowsOf"]): Promise<void> {
  const envelope = taskEnvelopeSchema.safeParse(body);
  if (!envelope.success) throw unreadable();
  const { client_id, correlation_id, task_id } = envelope.data;
  const run = await workflowsOf(client_id, correlation_id).getRun(correlation_id, "tenant");
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
