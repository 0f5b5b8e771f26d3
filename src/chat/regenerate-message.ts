import { z } from "@hono/zod-openapi";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { talkOperation } from "#src/operation/operation.ts";
import { allowed } from "./allowance.ts";
import { chatPersona } from "./chat-persona.ts";
import { ownConversation } from "./own-conversation.ts";
import { messageParams, turnSchema } from "./schemas.ts";
import { turnView } from "./views.ts";

export const regenerateMessage = talkOperation({
  name: "regenerateMessage",
  summary: "Have the persona answer once more",
  description: "The new answer stands beside the old one; one that has failed is written again in its place.",
  input: z.object({ params: messageParams }),
  output: z.object({ turn: turnSchema }),
  refusals: [
    "NOT_FOUND",
    "BANNED",
    "CONFLICT",
    "TURN_RUNNING",
    "CONVERSATION_FULL",
    "PERSONA_DISABLED",
    "RATE_LIMITED",
    "CONVERSATION_ARCHIVED",
  ],
  run: async (platform, actor, { params }) => {
    const { conversation, view, person } = await ownConversation(platform, actor, params.conversation_id);
    const { persona, dailyTurns } = await chatPersona(platform, person, view.instanceId);
    const allowance = await allowed(platform, person, { ...view, dailyTurns });
    const begun = allowance.spentFor(await conversation.regenerate(params.message_id, persona));
    return { turn: turnView(valueOrThrow(begun)) };
  },
});
