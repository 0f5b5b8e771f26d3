import { z } from "@hono/zod-openapi";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { operation } from "#src/operation/operation.ts";
import { currentPersona } from "../current-persona.ts";
import { messageParams, messageSchema } from "../schemas.ts";
import { messageView } from "../views.ts";
import { auditConversation, staffConversation, staffInput } from "./staff-conversation.ts";

export const releaseMessage = operation({
  name: "releaseMessage",
  summary: "Let a message stand that a rule has marked",
  description:
    "One that was held is read by the persona from now on, and answered where nothing was answered behind it. To refuse " +
    "it, hide it.",
  input: z.object({ ...staffInput, params: messageParams }),
  output: messageSchema,
  refusals: ["NOT_FOUND"],
  run: async (platform, actor, input) => {
    const { conversation, view, clientId } = await staffConversation(platform, actor, input);
    const messageId = input.params.message_id;
    // Only what is there leaves a trace.
    valueOrThrow(await conversation.getMessage(messageId));
    const details = { message_id: messageId };
    await auditConversation(platform, actor, "conversation.message_released", view.id, clientId, details);
    const persona = await currentPersona(platform, clientId, view);
    return messageView(
      valueOrThrow(await conversation.releaseMessage({ messageId, by: actor.userId, persona })),
    );
  },
});
