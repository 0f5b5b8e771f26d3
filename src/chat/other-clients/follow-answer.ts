import { z } from "zod";
import type { Person } from "#src/kernel/actor.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import type { ConversationApi } from "#src/objects/conversation-api.ts";
import type { Platform } from "#src/platform.ts";
import { conversationFrames, type FollowedFrame } from "../follow-conversation.ts";

type Conversation = ConversationApi & Pick<Fetcher, "fetch">;

/** Where an answer is waited for. */
interface Awaited {
  conversation: Conversation;
  person: Person;
  platform: Pick<Platform, "db" | "clock">;
  /** The message that it goes into; undefined where its turn is still to begin. */
  messageId: string | undefined;
  /** Whether its turn was running when the log stood at `since`. */
  isRunning: boolean;
  since: number;
}

const ofMessage = z.object({ message_id: z.string() });
const ends: readonly string[] = ["message.completed", "message.stopped", "message.failed"];

/**
 * What happens with one answer, until it has ended: it ends with the event that says so, or is over already.
 * What else happens in the conversation is left out.
 */
export async function* followAnswer({
  conversation,
  person,
  platform,
  messageId: known,
  isRunning,
  since,
}: Awaited): AsyncGenerator<FollowedFrame & { messageId?: string }> {
  if (known === undefined ? !(await isWriting(conversation)) : !isRunning) return;
  let messageId = known;
  for await (const frame of conversationFrames(platform, conversation, person, since)) {
    if (frame.type === "quiet") yield frame;
    else {
      const about = ofMessage.safeParse(JSON.parse(frame.data)).data?.message_id;
      // The first turn that begins answers all that waits; it begins with the end of the one before, or never.
      if (frame.event === "turn.started") messageId ??= about;
      if (frame.event === "turn.ended" && messageId === undefined && !(await isWriting(conversation))) return;
      if (messageId === undefined || about !== messageId) continue;
      yield { ...frame, messageId };
      if (ends.includes(frame.event)) return;
    }
  }
}

const isWriting = async (conversation: Pick<ConversationApi, "standing">): Promise<boolean> =>
  valueOrThrow(await conversation.standing()).turn !== null;

/** A message of a conversation that is followed. */
export const messageIn = async (conversation: Pick<ConversationApi, "getMessage">, id: string) =>
  valueOrThrow(await conversation.getMessage(id));
