import { z } from "@hono/zod-openapi";
import { auditAction } from "#src/audit/index.ts";
import { clientIdSchema } from "#src/identity/index.ts";
import { type Account, tenantWithin } from "#src/kernel/actor.ts";
import type { AuditAction } from "#src/kernel/audit-actions.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import type { Platform } from "#src/platform.ts";
import { tenantOfConversation } from "../conversation-repository.ts";
import { conversationParams } from "../schemas.ts";

/** Which conversation; `client_id` is for administrators of the platform alone. */
export const staffInput = {
  params: conversationParams,
  query: z.strictObject({
    client_id: clientIdSchema.optional().openapi({
      description:
        "Whose it is; one's own tenant when left out. Another is for administrators of the platform",
    }),
  }),
};

interface Asked {
  params: z.infer<typeof conversationParams>;
  query: { client_id?: string };
}

/**
 * A conversation of a tenant that the caller is staff of, or administers; that an administrator of the platform opens
 * one of another tenant leaves a trace before it is shown.
 * @throws AppError `NOT_FOUND`; `INSUFFICIENT_PERMISSIONS` for a tenant that the caller's rights do not reach
 */
export async function staffConversation(
  platform: Pick<Platform, "db" | "clock" | "objects">,
  actor: Account,
  { params: { conversation_id: id }, query: { client_id } }: Asked,
) {
  const asked = tenantWithin(actor, client_id);
  const clientId = asked ?? (await tenantOfConversation(platform.db, id)) ?? actor.clientId;
  const conversation = await platform.objects.conversation(clientId, id);
  const view = valueOrThrow(await conversation.view());
  if (clientId !== actor.clientId)
    await auditConversation(platform, actor, "conversation.opened", view.id, clientId);
  return { conversation, view, clientId };
}

/** Remembers what somebody of the staff does with a conversation; before it is done, so that nothing is done without it. */
export const auditConversation = (
  platform: Pick<Platform, "db" | "clock">,
  actor: Account,
  action: Extract<AuditAction, `conversation.${string}`>,
  id: string,
  clientId: string,
  details?: Record<string, unknown>,
) => auditAction(platform, actor, { action, target: { type: "conversation", id }, clientId, details });
