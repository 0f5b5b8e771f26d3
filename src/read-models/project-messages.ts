import { z } from "zod";
import type { Database } from "../db/client.ts";
import { type DeadLetter, deadLetter } from "../messaging/dead-letter.ts";
import { type PlatformMessage, platformMessageSchema } from "../messaging/platform-message.ts";
import type { Logger } from "../observability/logger.ts";
import type { TenantWorkflowsApi } from "../workflows/tenant-workflows-api.ts";
import { confirmMessages } from "./confirm-messages.ts";
import { writeMessages } from "./write-messages.ts";

interface Projection {
  db: Database;
  deadLetters: Queue<DeadLetter>;
  logger: Logger;
  workflowsOf(clientId: string, runId: string): TenantWorkflowsApi;
}

/**
 * Brings the read models up to date with a batch of `platform-events`, and
 * confirms it to the objects it came from. A message that cannot be read goes to
 * the dead letters and holds up nobody.
 */
export async function projectMessages(batch: MessageBatch<unknown>, projection: Projection): Promise<void> {
  const messages: PlatformMessage[] = [];
  const unreadable: Promise<void>[] = [];
  for (const message of batch.messages) {
    const parsed = platformMessageSchema.safeParse(message.body);
    if (parsed.success) messages.push(parsed.data);
    else unreadable.push(putAside(batch.queue, message, parsed.error, projection.deadLetters));
  }
  await Promise.all(unreadable);
  await writeMessages(projection.db, messages);
  await confirmMessages(messages, projection);
  batch.ackAll();
}

/** Sends a message to the dead letters; done with it, whatever becomes of the others. */
async function putAside(
  queue: string,
  message: Message<unknown>,
  error: z.ZodError,
  deadLetters: Queue<DeadLetter>,
): Promise<void> {
  const reason = `Malformed platform message: ${z.prettifyError(error)}`;
  await deadLetters.send(deadLetter(queue, message.body, reason, Date.now()));
  message.ack();
}
