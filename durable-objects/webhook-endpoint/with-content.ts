import { z } from "zod";
import type { EventName } from "#src/kernel/event-catalogue.ts";
import { withTimeout } from "#src/kernel/with-timeout.ts";
import type { ConversationApi } from "#src/objects/conversation-api.ts";
import { errorFields, type Logger } from "#src/observability/logger.ts";
import { cutText } from "#src/text/cut-text.ts";
import type { Outgoing } from "./post.ts";

/** What a message says is cut to so much: messages to webhooks are small. */
const maxContent = 16_000;

/** A conversation that does not answer holds up nothing: what it says is left out. */
const patienceMs = 3000;

const saying = "conversation.message" satisfies EventName;
const aboutMessage = z.looseObject({
  type: z.literal(saying),
  data: z.looseObject({ conversation_id: z.string(), message_id: z.string() }),
});

/**
 * What is about a message of a conversation with what that says, as it stands when it is sent; anything else as it is.
 * It is kept nowhere on the way: what was erased or hidden meanwhile is not sent.
 */
export async function withContent(
  outgoing: Outgoing,
  conversationOf: (id: string) => Pick<ConversationApi, "getMessage">,
  logger: Logger,
): Promise<Outgoing> {
  const body = aboutMessage.safeParse(JSON.parse(outgoing.body)).data;
  if (!body) return outgoing;
  const { conversation_id, message_id } = body.data;
  try {
    const message = await withTimeout(conversationOf(conversation_id).getMessage(message_id), patienceMs);
    if (!message.ok) return outgoing;
    const data = { ...body.data, content: cutText(message.value.content, maxContent) };
    return { ...outgoing, body: JSON.stringify({ ...body, data }) };
  } catch (error) {
    logger.warn("a message is told without what it says", errorFields(error));
    return outgoing;
  }
}
