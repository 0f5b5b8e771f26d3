import { AppError } from "#src/kernel/app-error.ts";
import type { ConversationView } from "#src/objects/conversation-api.ts";
import type { StandingPersona } from "#src/objects/conversation-persona.ts";
import type { Platform } from "#src/platform.ts";
import { chatPersona } from "./chat-persona.ts";

/** Why a persona does not go on with a conversation by itself. */
const silent = ["NOT_FOUND", "PERSONA_DISABLED", "BANNED", "MAINTENANCE"];

/**
 * A conversation's persona as it is now, for what it goes on with by itself; null where it may not answer the owner any
 * more: it was published for them no longer, or is switched off, or they are banned.
 */
export async function currentPersona(
  platform: Pick<Platform, "db" | "config" | "clock">,
  clientId: string,
  {
    ownerId: id,
    ownerKind: kind,
    instanceId,
  }: Pick<ConversationView, "ownerId" | "ownerKind" | "instanceId">,
): Promise<StandingPersona> {
  try {
    return (await chatPersona(platform, { clientId, id, kind }, instanceId)).persona;
  } catch (error) {
    if (error instanceof AppError && silent.includes(error.code)) return null;
    throw error;
  }
}
