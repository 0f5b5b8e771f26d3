import type { EventOf } from "#src/kernel/event-catalogue.ts";
import type { TenantObjects } from "#src/objects/objects.ts";
import { copyAddressSchema, partsOf, platformMessageSchema } from "#src/objects/platform-message.ts";
import { errorFields } from "#src/observability/logger.ts";
import type { Platform } from "#src/platform.ts";
import { deadLetterSchema, queueOfDeadLetters, retryDelay, taskAddressSchema } from "#src/tasks/index.ts";
import { confirmMessages } from "./confirm-messages.ts";
import { putDeadLetter } from "./dead-letter-repository.ts";

/** Why the runtime moves a message to the dead letters. */
const deliveredTooOften = "Delivered too often without success";

interface Undertaker extends Pick<Platform, "db" | "log"> {
  objects: Pick<TenantObjects, "workflowsOfRun">;
}

/**
 * Consumes a dead-letter queue: keeps each message with its reason, fails the
 * task it was about so that no run hangs, and raises `system.alert` in its tenant.
 */
export async function buryMessages(batch: MessageBatch<unknown>, undertaker: Undertaker): Promise<void> {
  await Promise.all(
    batch.messages.map(async (message) => {
      try {
        await bury(batch.queue, message, undertaker);
        message.ack();
      } catch (error) {
        undertaker.log.error("dead letter not processed; it is delivered again", errorFields(error));
        message.retry({ delaySeconds: retryDelay(message.attempts) });
      }
    }),
  );
}

async function bury(
  deadQueue: string,
  message: Message<unknown>,
  { db, log, objects }: Undertaker,
): Promise<void> {
  const wrapped = deadLetterSchema.safeParse(message.body);
  const letter = wrapped.success
    ? wrapped.data
    : {
        reason: deliveredTooOften,
        queue: queueOfDeadLetters(deadQueue) ?? deadQueue,
        body: message.body,
      };
  const address = taskAddressSchema.safeParse(letter.body).data;
  await putDeadLetter(db, {
    id: message.id,
    queue: letter.queue,
    reason: letter.reason,
    body: JSON.stringify(letter.body) ?? "null",
    clientId: address?.client_id,
    correlationId: address?.correlation_id,
    taskId: address?.task_id,
    createdAt: Date.now(),
  });
  log.error("dead letter", { queue: letter.queue, reason: letter.reason, task_id: address?.task_id });
  // Their object would send them again for ever. What can be read it shall send again: a database may recover.
  const unreadable = partsOf(letter.body).filter((part) => !platformMessageSchema.safeParse(part).success);
  const copies = unreadable.flatMap((part) => copyAddressSchema.safeParse(part).data ?? []);
  await confirmMessages(copies, { log, objects });
  if (!address) return;
  const tenant = await objects.workflowsOfRun(address.client_id, address.correlation_id);
  // Trouble on the way says nothing about the task: another attempt may succeed. A broken message stays broken.
  await tenant.failDeadTask(address.task_id, letter.reason, address.attempt, !wrapped.success);
  const alert: EventOf<"system.alert"> = {
    event: "system.alert",
    data: { code: "DEAD_LETTER", queue: letter.queue },
  };
  // All of the tenant hears it, so it says nothing of whose run that was: the run's owner hears of it by its failure.
  await tenant.appendEvent({
    id: `dead-letter:${message.id}`,
    ...alert,
    entityId: address.client_id,
    ownerUserId: null,
  });
}
