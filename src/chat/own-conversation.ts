import { type Person, personOf, type Talker } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import type { ConversationView } from "#src/objects/conversation-api.ts";
import type { ConversationObjects } from "#src/objects/objects.ts";
import type { Platform } from "#src/platform.ts";

interface Found {
  conversation: Awaited<ReturnType<ConversationObjects["conversation"]>>;
  view: ConversationView;
  person: Person;
}

/**
 * A conversation of the caller's own.
 * @throws AppError `NOT_FOUND`, the same for one that is somebody else's and for one that never was
 */
export async function ownConversation(
  { objects }: Pick<Platform, "objects">,
  actor: Talker,
  id: string,
): Promise<Found> {
  const person = personOf(actor);
  const conversation = await objects.conversation(person.clientId, id);
  const view = valueOrThrow(await conversation.view());
  if (view.ownerId !== person.id || view.ownerKind !== person.kind)
    throw new AppError("NOT_FOUND", { message: "No such conversation" });
  return { conversation, view, person };
}
