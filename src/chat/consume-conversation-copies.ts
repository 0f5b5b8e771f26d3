import { countingOf } from "#src/analytics/index.ts";
import { withTimeout } from "#src/kernel/with-timeout.ts";
import type { ConversationApi } from "#src/objects/conversation-api.ts";
import { type ConversationMessage, conversationMessageSchema } from "#src/objects/conversation-message.ts";
import { errorFields } from "#src/observability/logger.ts";
import type { Platform } from "#src/platform.ts";
import { retryDelay } from "#src/tasks/index.ts";
import { putCopies } from "./conversation-repository.ts";
import { type Assigning, assignWaiting } from "./staff/assign-waiting.ts";

interface Lists extends Assigning, Pick<Platform, "log"> {
  objects: Omit<Assigning["objects"], "conversation"> & {
    conversation(
      clientId: string,
      id: string,
    ): Promise<Pick<ConversationApi, "confirmCopy" | "changeHolder" | "view">>;
  };
}

/** Whether a message of `platform-events` is a copy of a conversation. */
export const isAboutConversation = ({ body }: Pick<Message, "body">): boolean =>
  conversationMessageSchema.safeParse(body).success;

/** Giving out is waited for no longer: what others have told waits behind it. */
const givingPatienceMs = 5000;

/**
 * Brings the lists up to date with copies of conversations, counts what they tell, all in one batch, and tells the
 * conversations so. What cannot be written now is delivered again. What is written is not: a conversation that is not told
 * sends its copy once more, and so does one that waits and could not be given out.
 */
export async function consumeConversationCopies(
  messages: readonly Message[],
  platform: Lists,
  givingMs = givingPatienceMs,
): Promise<void> {
  const { db, clock, log, objects } = platform;
  if (messages.length === 0) return;
  const told = messages.map(({ body }) => conversationMessageSchema.parse(body));
  const copies = newest(told);
  const counted = told.flatMap(({ client_id: clientId, counts }) =>
    (counts?.events ?? []).map((event) => ({ clientId, ...event })),
  );
  try {
    const [first, ...rest] = [...putCopies(db, copies), ...(await countingOf(db, counted, clock.now()))];
    if (first) await db.batch([first, ...rest]);
  } catch (error) {
    log.error("lists of conversations not written; the copies are delivered again", errorFields(error));
    for (const message of messages) message.retry({ delaySeconds: retryDelay(message.attempts) });
    return;
  }
  const stuck = await giveOut(platform, copies, givingMs);
  await Promise.all(
    copies.map(async ({ client_id, id, revision, counts }) => {
      // Lists that have not said that they know a revision are told of it again; what it counts is counted.
      const known = stuck.has(id) ? 0 : revision;
      try {
        await (await objects.conversation(client_id, id)).confirmCopy(known, counts?.up_to);
      } catch (error) {
        log.warn("a copy not confirmed; it comes again", {
          client_id,
          conversation_id: id,
          ...errorFields(error),
        });
      }
    }),
  );
  for (const message of messages) message.ack();
}

/** Has those that wait for a person given to somebody who is there. @returns those of which that has failed */
async function giveOut(
  platform: Lists,
  copies: readonly ConversationMessage[],
  patienceMs: number,
): Promise<ReadonlySet<string>> {
  const waiting = Map.groupBy(
    copies.filter(({ holder, status }) => holder === "queue" && status === "waiting"),
    ({ client_id }) => client_id,
  );
  const failed = [...waiting].map(async ([clientId, ofTenant]) => {
    const seen = ofTenant.flatMap(({ id, holder_epoch: epoch, left_by: leftBy = null }) =>
      epoch === undefined ? [] : [{ id, epoch, leftBy }],
    );
    try {
      await withTimeout(assignWaiting(platform, clientId, seen), patienceMs);
      return [];
    } catch (error) {
      platform.log.warn("what waits was not given out; its copies come again", {
        client_id: clientId,
        ...errorFields(error),
      });
      return ofTenant.map(({ id }) => id);
    }
  });
  return new Set((await Promise.all(failed)).flat());
}

/** Of several copies of one conversation the newest. */
function newest(copies: readonly ConversationMessage[]): ConversationMessage[] {
  const byId = new Map<string, ConversationMessage>();
  for (const copy of copies) {
    const known = byId.get(copy.id);
    if (!known || known.revision < copy.revision) byId.set(copy.id, copy);
  }
  return [...byId.values()];
}
