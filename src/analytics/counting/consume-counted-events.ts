import { countedMessageSchema } from "#src/objects/counted-events.ts";
import { errorFields } from "#src/observability/logger.ts";
import type { Platform } from "#src/platform.ts";
import { retryDelay } from "#src/tasks/index.ts";
import { countEvents } from "./count-events.ts";

/** Whether a message of `platform-events` tells events that count. */
export const isAboutCounting = ({ body }: Pick<Message, "body">): boolean =>
  countedMessageSchema.safeParse(body).success;

/** Counts what messages tell; what cannot be written now is delivered again. */
export async function consumeCountedEvents(
  messages: readonly Message[],
  { db, clock, log }: Pick<Platform, "db" | "clock" | "log">,
): Promise<void> {
  if (messages.length === 0) return;
  const told = messages.map(({ body }) => countedMessageSchema.parse(body));
  const events = told.flatMap(({ client_id: clientId, events }) =>
    events.map((event) => ({ clientId, ...event })),
  );
  try {
    await countEvents(db, events, clock.now());
  } catch (error) {
    log.error("events not counted; they are delivered again", errorFields(error));
    for (const message of messages) message.retry({ delaySeconds: retryDelay(message.attempts) });
    return;
  }
  for (const message of messages) message.ack();
}
