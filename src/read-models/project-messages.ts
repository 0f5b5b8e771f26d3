import { z } from "zod";
import type { Database } from "../db/client.ts";
import { type DeadLetter, deadLetter } from "../messaging/dead-letter.ts";
import { type PlatformMessage, partsOf, platformMessageSchema } from "../messaging/platform-message.ts";
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
 * confirms it to the objects it came from. What cannot be read goes to the dead
 * letters and holds up nobody.
 */
export async function projectMessages(batch: MessageBatch<unknown>, projection: Projection): Promise<void> {
  const readable: PlatformMessage[] = [];
  const unreadable: Promise<void>[] = [];
  for (const message of batch.messages) {
    const parts = partsOf(message.body).map((part) => ({
      part,
      parsed: platformMessageSchema.safeParse(part),
    }));
    readable.push(...parts.flatMap(({ parsed }) => parsed.data ?? []));
    const letters = parts.flatMap(({ part, parsed }) =>
      parsed.success ? [] : letterOf(batch.queue, part, parsed.error),
    );
    if (letters.length > 0)
      unreadable.push(putAside(message, letters, letters.length === parts.length, projection));
  }
  await Promise.all(unreadable);
  await writeMessages(projection.db, readable);
  await confirmMessages(readable, projection);
  batch.ackAll();
}

const letterOf = (queue: string, part: unknown, error: z.ZodError): DeadLetter =>
  deadLetter(queue, part, `Malformed platform message: ${z.prettifyError(error)}`, Date.now());

/** Sends parts of a message to the dead letters; when that is all of it, it is done with, whatever becomes of the others. */
async function putAside(
  message: Message<unknown>,
  letters: readonly DeadLetter[],
  isWhole: boolean,
  { deadLetters }: Projection,
): Promise<void> {
  await deadLetters.sendBatch(letters.map((body) => ({ body })));
  if (isWhole) message.ack();
}
