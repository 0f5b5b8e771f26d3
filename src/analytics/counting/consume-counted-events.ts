import { countedMessageSchema } from "#src/objects/counted-events.ts";
import type { HubObjects } from "#src/objects/objects.ts";
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
  { db, clock, log, objects }: Pick<Platform, "db" | "clock" | "log"> & { objects: HubObjects },
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
  await tellOf([...new Set(told.map(({ client_id: clientId }) => clientId))], { objects, log });
}

/** Tells whoever looks at figures of these tenants that there are others. They are all the same where that fails. */
async function tellOf(
  clientIds: readonly string[],
  { objects, log }: Pick<Platform, "log"> & { objects: HubObjects },
): Promise<void> {
  await Promise.all(
    clientIds.map(async (clientId) => {
      try {
        // Whoever hears of others is at the first hub (src/objects/hub-spread.ts).
        await (await objects.hub(clientId, 0)).tellFigures(clientId);
      } catch (error) {
        log.warn("that figures have changed was not told", { client_id: clientId, ...errorFields(error) });
      }
    }),
  );
}
