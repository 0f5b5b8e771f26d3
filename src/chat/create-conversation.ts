import { z } from "@hono/zod-openapi";
import { v7 as uuidv7 } from "uuid";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { operation } from "#src/operation/operation.ts";
import { beginningAllowed } from "./beginning-allowed.ts";
import { chatPersona } from "./chat-persona.ts";
import { newConversationSchema, startedConversationSchema } from "./schemas.ts";
import { conversationView, sentView } from "./views.ts";

export const createConversation = operation({
  name: "createConversation",
  summary: "Begin a conversation with a persona",
  description:
    "With a persona of one's own, or one that is published for the tenant (`PUT /personas/instances/{instance_id}/chat`). " +
    "With `message`, the persona begins to answer at once.",
  input: z.object({ body: newConversationSchema }),
  output: startedConversationSchema,
  refusals: ["NOT_FOUND", "PERSONA_DISABLED", "QUOTA_EXCEEDED", "RATE_LIMITED"],
  run: async (platform, actor, { body }) => {
    const { objects, clock } = platform;
    const { instance_id: instanceId, title = null, metadata = {}, message } = body;
    const { persona, greeting } = await chatPersona(platform, actor, instanceId);
    const now = clock.now();
    await beginningAllowed(platform, actor);
    const owner = { id: actor.userId, kind: "user" } as const;
    const conversation = await objects.conversation(actor.clientId, uuidv7({ msecs: now }));
    const begun = valueOrThrow(
      await conversation.begin({ owner, instanceId, title, metadata, persona, greeting }),
    );
    if (message === undefined) return { conversation: conversationView(begun), message: null, turn: null };
    const sent = await conversation.send({
      sender: { id: actor.userId, as: "owner" },
      clientMessageId: "first",
      content: message,
      wantsReply: true,
    });
    const said = sentView(valueOrThrow(sent));
    const view = valueOrThrow(await conversation.view());
    return { conversation: conversationView(view), message: said.message, turn: said.turn };
  },
});
