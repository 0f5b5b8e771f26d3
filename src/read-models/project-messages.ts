import { z } from "zod";
import type { TenantObjects } from "#src/objects/objects.ts";
import {
  isKept,
  type PlatformMessage,
  partsOf,
  platformMessageSchema,
} from "#src/objects/platform-message.ts";
import { errorFields } from "#src/observability/logger.ts";
import type { Platform } from "#src/platform.ts";
import { type DeadLetter, deadLetter, retryDelay } from "#src/tasks/index.ts";
import { confirmMessages } from "./confirm-messages.ts";
import { writeWhatCanBe } from "./write-what-can-be.ts";

interface Projection extends Pick<Platform, "db" | "log"> {
  objects: Pick<TenantObjects, "workflowsOfRun">;
  deadLetters: Queue<DeadLetter>;
}

/**
 * Brings the read models up to date with a batch of `platform-events`, and
 * confirms what they have to the objects it came from. What cannot be read goes to the dead
 * letters; what cannot be written now is delivered again, later each time. Neither holds up the others.
 */
export async function projectMessages(
  batch: Pick<MessageBatch<unknown>, "queue" | "messages">,
  projection: Projection,
): Promise<void> {
  const deliveries = batch.messages.map((message) => ({ message, ...readParts(batch.queue, message.body) }));
  const { written, left, errors } = await writeWhatCanBe(
    projection.db,
    deliveries.flatMap(({ readable }) => readable),
  );
  await confirmMessages(written.filter(isKept), projection);
  const { log } = projection;
  if (errors.length > 0)
    log.error("read models not written; their messages are delivered again", errorFields(errors[0]));
  const isLeft = new Set(left);
  await Promise.all(
    deliveries.map(async ({ message, readable, letters }) => {
      const isWritten = !readable.some((part) => isLeft.has(part));
      // Last of all: however often a message comes again, its dead letters are sent once.
      if (isWritten && (await putAside(letters, projection))) message.ack();
      else message.retry({ delaySeconds: retryDelay(message.attempts) });
    }),
  );
}

function readParts(queue: string, body: unknown): { readable: PlatformMessage[]; letters: DeadLetter[] } {
  const readable: PlatformMessage[] = [];
  const letters: DeadLetter[] = [];
  for (const part of partsOf(body)) {
    const parsed = platformMessageSchema.safeParse(part);
    if (parsed.success) readable.push(parsed.data);
    else letters.push(letterOf(queue, part, parsed.error));
  }
  return { readable, letters };
}

const letterOf = (queue: string, part: unknown, error: z.ZodError): DeadLetter =>
  deadLetter(queue, part, `Malformed platform message: ${z.prettifyError(error)}`, Date.now());

/** Sends parts of a message to the dead letters; false when they could not be sent. */
async function putAside(letters: readonly DeadLetter[], { deadLetters, log }: Projection): Promise<boolean> {
  if (letters.length === 0) return true;
  try {
    await deadLetters.sendBatch(letters.map((body) => ({ body })));
    return true;
  } catch (error) {
    log.error("dead letters not sent; their message is delivered again", errorFields(error));
    return false;
  }
}
