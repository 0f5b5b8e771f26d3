import { z } from "@hono/zod-openapi";
import { hasRole } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { operation } from "#src/operation/operation.ts";
import { staffingOf } from "#src/tenants/index.ts";
import { changedHolderSchema, changeHolder, epochSchema, reasonSchema } from "./change-holder.ts";
import { auditConversation, staffConversation, staffInput } from "./staff-conversation.ts";

export const takeConversation = operation({
  name: "takeConversation",
  summary: "Take a conversation: from here on oneself answers, and the persona is silent",
  description:
    "From the persona or from the queue; from another person only with `force`, by moderators and administrators. Of " +
    "several who take it at once, one has it.",
  input: z.object({
    ...staffInput,
    body: z
      .strictObject({
        force: z.boolean().default(false).openapi({ description: "Also from another person" }),
        reason: reasonSchema,
        if_epoch: epochSchema,
      })
      .openapi("TakeConversation"),
  }),
  output: changedHolderSchema,
  refusals: ["NOT_FOUND", "CONFLICT", "CONVERSATION_ARCHIVED"],
  run: async (platform, actor, input) => {
    const { force, reason, if_epoch: ifEpoch } = input.body;
    if (force && !hasRole(actor, "moderator")) throw new AppError("INSUFFICIENT_PERMISSIONS");
    const { conversation, view, clientId } = await staffConversation(platform, actor, input);
    await auditConversation(platform, actor, "conversation.taken", view.id, clientId, { force, reason });
    const { holder_idle_seconds: idleSeconds } = await staffingOf(platform.db, clientId);
    const change = { action: "take", by: actor.userId, force } as const;
    return changeHolder(conversation, { change, reason, ifEpoch, idleSeconds });
  },
});
