import { findReply, named, renderReply } from "#src/canned-replies/index.ts";
import { findProfile } from "#src/identity/index.ts";
import type { Account } from "#src/kernel/actor.ts";
import { AppError } from "#src/kernel/app-error.ts";
import type { ConversationView } from "#src/objects/conversation-api.ts";
import type { Platform } from "#src/platform.ts";
import { contentSchema } from "../schemas.ts";

/**
 * A reply that is ready, made for this conversation and by whoever sends it.
 * @throws AppError `VALIDATION_ERROR` where there is none, or nothing comes of it here
 */
export async function cannedText(
  { db }: Pick<Platform, "db">,
  actor: Account,
  view: ConversationView,
  replyId: string,
): Promise<string> {
  const [reply, user, agent] = await Promise.all([
    findReply(db, actor.clientId, replyId),
    findProfile(db, view.ownerId),
    findProfile(db, actor.userId),
  ]);
  if (!reply) throw unusable("No such reply");
  const data = {
    user: named(user?.profile.firstName, user?.profile.lastName),
    agent: named(agent?.profile.firstName, agent?.profile.lastName),
    conversation: { id: view.id, title: view.title ?? "" },
  };
  const text = contentSchema.safeParse(rendered(reply.text, data));
  if (!text.success) throw unusable("Nothing that can be said comes of it here");
  return text.data;
}

function rendered(template: string, data: Parameters<typeof renderReply>[1]): string {
  try {
    return renderReply(template, data);
  } catch (cause) {
    throw unusable("Nothing that can be said comes of it here", cause);
  }
}

const unusable = (message: string, cause?: unknown): AppError =>
  new AppError("VALIDATION_ERROR", { details: { fields: [{ path: "canned_reply_id", message }] }, cause });
