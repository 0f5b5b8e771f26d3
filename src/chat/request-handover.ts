import { z } from "@hono/zod-openapi";
import { AppError } from "#src/kernel/app-error.ts";
import { isoTime } from "#src/kernel/clock.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { talkOperation } from "#src/operation/operation.ts";
import { chatPersona } from "./chat-persona.ts";
import { ownConversation } from "./own-conversation.ts";
import { conversationParams, conversationSchema } from "./schemas.ts";
import { conversationView } from "./views.ts";

export const requestHandover = talkOperation({
  name: "requestHandover",
  summary: "Ask for a person in the persona's place",
  description:
    "The conversation waits for somebody of the staff, and the persona is silent. 409 where the persona hands nothing " +
    "over (`handover`), or does not hold it; and outside of the hours of a visitor's widget, with `opens_at`.",
  input: z.object({
    params: conversationParams,
    body: z
      .strictObject({
        reason: z.string().trim().max(500).default("").openapi({ description: "Why, for the staff" }),
      })
      .openapi("Handover"),
  }),
  output: conversationSchema,
  refusals: ["NOT_FOUND", "BANNED", "CONFLICT", "PERSONA_DISABLED", "CONVERSATION_ARCHIVED"],
  run: async (platform, actor, { params, body }) => {
    const { conversation, view, person } = await ownConversation(platform, actor, params.conversation_id);
    const { handsOver, opensAt } = await chatPersona(platform, person, view.instanceId);
    if (!handsOver && opensAt !== null)
      throw new AppError("CONFLICT", {
        message: "Nobody is there at present; the persona goes on",
        details: { opens_at: isoTime(opensAt) },
      });
    if (!handsOver) throw new AppError("CONFLICT", { message: "This persona hands nothing over to people" });
    const request = { change: { action: "handover" }, reason: body.reason } as const;
    return conversationView(valueOrThrow(await conversation.changeHolder(request)).conversation);
  },
});
