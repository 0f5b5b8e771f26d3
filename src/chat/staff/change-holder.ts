import { z } from "@hono/zod-openapi";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import type { HolderRequest } from "#src/objects/holder-contract.ts";
import { conversationSchema, messageSchema, orNull } from "../schemas.ts";
import { conversationView, messageView } from "../views.ts";
import type { staffConversation } from "./staff-conversation.ts";

/** What comes of a change of who holds a conversation: the conversation, and the line that says so in it. */
export const changedHolderSchema = z
  .object({
    conversation: conversationSchema,
    message: orNull(messageSchema).openapi({
      description: "The line of the conversation that says so; null where nothing has changed",
    }),
  })
  .openapi("ChangedHolder");

export const reasonSchema = z
  .string()
  .trim()
  .max(500)
  .default("")
  .openapi({ description: "Why, for the log" });

export const epochSchema = z.number().int().positive().optional().openapi({
  description: "The `holder_epoch` that the caller believes it to have; 409 where it has passed",
});

/** Has a conversation change who holds it. @throws AppError `CONFLICT` where somebody else has been faster */
export async function changeHolder(
  conversation: Awaited<ReturnType<typeof staffConversation>>["conversation"],
  request: HolderRequest,
): Promise<z.infer<typeof changedHolderSchema>> {
  const changed = valueOrThrow(await conversation.changeHolder(request));
  return {
    conversation: conversationView(changed.conversation),
    message: changed.message && messageView(changed.message),
  };
}
