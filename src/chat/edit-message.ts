import { z } from "@hono/zod-openapi";
import { taken, verdictOn } from "#src/moderation/index.ts";
import { talkOperation } from "#src/operation/operation.ts";
import { allowed } from "./allowance.ts";
import { chatPersona } from "./chat-persona.ts";
import { ownConversation } from "./own-conversation.ts";
import { contentSchema, messageParams, sentMessageSchema } from "./schemas.ts";
import { sentView } from "./views.ts";

export const editMessage = talkOperation({
  name: "editMessage",
  summary: "Write one of one's own messages anew, which the persona answers anew",
  description:
    "The new message stands beside the old one, which stays on a branch of its own. Where a person has answered " +
    "meanwhile, or holds the conversation, the text is only corrected in its place.",
  input: z.object({
    params: messageParams,
    body: z.strictObject({ content: contentSchema }).openapi("EditedMessage"),
  }),
  output: sentMessageSchema,
  refusals: [
    "NOT_FOUND",
    "PERSONA_DISABLED",
    "CONVERSATION_FULL",
    "MESSAGE_REFUSED",
    "BANNED",
    "RATE_LIMITED",
    "CONVERSATION_ARCHIVED",
    "CONFLICT",
  ],
  run: async (platform, actor, { params, body }) => {
    const [{ conversation, view, person }, verdict] = await Promise.all([
      ownConversation(platform, actor, params.conversation_id),
      verdictOn(platform, actor, body.content),
    ]);
    const { persona, dailyTurns } = await chatPersona(platform, person, view.instanceId);
    await allowed(platform, person, { ...view, dailyTurns });
    const caller = { id: person.id, as: "owner" } as const;
    const edit = { caller, messageId: params.message_id, content: body.content, persona, verdict };
    return sentView(await taken(platform, actor, verdict, await conversation.edit(edit)));
  },
});
