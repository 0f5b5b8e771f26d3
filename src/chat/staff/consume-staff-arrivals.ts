import { errorFields } from "#src/observability/logger.ts";
import type { Platform } from "#src/platform.ts";
import { retryDelay, staffMessageSchema } from "#src/tasks/index.ts";
import { waitingOf } from "../conversation-repository.ts";
import { type Assigning, assignWaiting, type Waiting } from "./assign-waiting.ts";

/** Conversations that are given out with one delivery. */
const atOnce = 20;

/** Whether a message of `platform-events` says that somebody of the staff has come. */
export const isAboutStaff = ({ body }: Pick<Message, "body">): boolean =>
  staffMessageSchema.safeParse(body).success;

/** Gives what has waited to whoever has come; what remains of it, or fails, with the next delivery. */
export async function consumeStaffArrivals(
  messages: readonly Message[],
  platform: Assigning & Pick<Platform, "log">,
): Promise<void> {
  for (const message of messages) {
    try {
      const given = await giveWaiting(platform, staffMessageSchema.parse(message.body).client_id);
      if (given === atOnce) message.retry({ delaySeconds: 0 });
      else message.ack();
    } catch (error) {
      platform.log.error("what waits was not given out; the message is delivered again", errorFields(error));
      message.retry({ delaySeconds: retryDelay(message.attempts) });
    }
  }
}

async function giveWaiting(platform: Assigning, clientId: string): Promise<number> {
  const rows = await waitingOf(platform.db, clientId, atOnce);
  const seen = await Promise.all(rows.map(async ({ id }) => await waitingNow(platform, clientId, id)));
  return assignWaiting(platform, clientId, seen.flat());
}

/** As it is itself: the lists may be behind. Whoever comes may have it, and be it that they had let go of it. */
async function waitingNow({ objects }: Assigning, clientId: string, id: string): Promise<Waiting[]> {
  const view = await (await objects.conversation(clientId, id)).view();
  if (!view.ok || view.value.holder !== "queue" || view.value.status !== "waiting") return [];
  return [{ id, epoch: view.value.holderEpoch, leftBy: null }];
}
