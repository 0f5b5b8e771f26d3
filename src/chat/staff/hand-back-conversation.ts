import { z } from "@hono/zod-openapi";
import { hasRole } from "#src/kernel/actor.ts";
import { operation } from "#src/operation/operation.ts";
import { currentPersona } from "../current-persona.ts";
import { changedHolderSchema, changeHolder, reasonSchema } from "./change-holder.ts";
import { auditConversation, staffConversation, staffInput } from "./staff-conversation.ts";

export const handBackConversation = operation({
  name: "handBackConversation",
  summary: "Hand a conversation back to its persona, which answers what is unanswered",
  input: z.object({
    ...staffInput,
    body: z.strictObject({ reason: reasonSchema }).openapi("HandBackConversation"),
  }),
  output: changedHolderSchema,
  refusals: ["NOT_FOUND", "CONFLICT", "CONVERSATION_ARCHIVED"],
  run: async (platform, actor, input) => {
    const { conversation, view, clientId } = await staffConversation(platform, actor, input);
    await auditConversation(platform, actor, "conversation.handed_back", view.id, clientId, input.body);
    const change = { action: "handBack", by: actor.userId, isAdmin: hasRole(actor, "admin") } as const;
    const persona = await currentPersona(platform, clientId, view);
    return changeHolder(conversation, { change, reason: input.body.reason, persona });
  },
});
