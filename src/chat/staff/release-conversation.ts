import { z } from "@hono/zod-openapi";
import { operation } from "#src/operation/operation.ts";
import { changedHolderSchema, changeHolder, reasonSchema } from "./change-holder.ts";
import { auditConversation, staffConversation, staffInput } from "./staff-conversation.ts";

export const releaseConversation = operation({
  name: "releaseConversation",
  summary: "Give a conversation that one holds back to the queue",
  input: z.object({
    ...staffInput,
    body: z.strictObject({ reason: reasonSchema }).openapi("ReleaseConversation"),
  }),
  output: changedHolderSchema,
  refusals: ["NOT_FOUND", "CONFLICT", "CONVERSATION_ARCHIVED"],
  run: async (platform, actor, input) => {
    const { conversation, view, clientId } = await staffConversation(platform, actor, input);
    await auditConversation(platform, actor, "conversation.released", view.id, clientId, input.body);
    const change = { action: "release", by: actor.userId } as const;
    return changeHolder(conversation, { change, reason: input.body.reason });
  },
});
