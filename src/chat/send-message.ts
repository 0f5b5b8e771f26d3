import { z } from "@hono/zod-openapi";
import { taken, verdictOn } from "#src/moderation/index.ts";
import { talkOperation } from "#src/operation/operation.ts";
import { allowanceOf } from "./allowance.ts";
import { chatPersona } from "./chat-persona.ts";
import { originOf } from "./origin-of.ts";
import { ownConversation } from "./own-conversation.ts";
import { conversationParams, newMessageSchema, sentMessageSchema } from "./schemas.ts";
import { sentView } from "./views.ts";

export const sendMessage = talkOperation({
  name: "sendMessage",
  summary: "Write a message, which the persona answers",
  description:
    "Answered with 201 once it is stored; the answer comes as a message of its own, live at `…/events`. The same " +
    "`client_message_id` with the same body is the same message (200); with another body it is refused. A message that " +
    "comes while an answer is being written waits, interrupts it or is refused (`TURN_RUNNING`), as the persona says. With `Accept: text/event-stream` the answer " +
    "comes at once, as events: `message.sent`, then those of the answer, to its end.",
  input: z.object({ params: conversationParams, body: newMessageSchema }),
  output: sentMessageSchema,
  refusals: [
    "NOT_FOUND",
    "CONFLICT",
    "PERSONA_DISABLED",
    "TURN_RUNNING",
    "CONVERSATION_FULL",
    "PAYLOAD_TOO_LARGE",
    "ATTACHMENT_UNREADABLE",
    "MESSAGE_REFUSED",
    "BANNED",
    "RATE_LIMITED",
    "CONVERSATION_ARCHIVED",
  ],
  run: async (platform, actor, { params, body }) => {
    const [{ conversation, view, person }, verdict] = await Promise.all([
      ownConversation(platform, actor, params.conversation_id),
      verdictOn(platform, actor, body.content),
    ]);
    // As it is now: what has changed about it counts from the next answer on.
    const { persona, dailyTurns } = await chatPersona(platform, person, view.instanceId);
    const allowance = await allowanceOf(platform, person, body.reply ? { ...view, dailyTurns } : undefined);
    const {
      client_message_id: clientMessageId,
      content,
      parent_id: parentId,
      reply: wantsReply,
      attachments,
      message_type: messageType,
    } = body;
    const sender = { id: person.id, as: "owner" } as const;
    const what = { content, attachments, messageType, wantsReply, ...(parentId && { parentId }) };
    const { notNow } = allowance;
    const message = { sender, clientMessageId, persona, origin: originOf(actor), verdict, notNow, ...what };
    const sent = allowance.spentFor(await conversation.send(message));
    return sentView(await taken(platform, actor, verdict, sent));
  },
});
