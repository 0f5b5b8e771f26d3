import { filesPartKey, removeParts, storePieces, textPartKey } from "#src/exports/index.ts";
import type { ConversationObjects } from "#src/objects/objects.ts";
import { exportFormatsByName } from "./export-formats.ts";
import type { ExportJob } from "./export-repository.ts";
import { exportedConversation } from "./exported-conversation.ts";

/** What a conversation is gathered with. */
export interface Gathering {
  objects: Pick<ConversationObjects, "conversation">;
  blobs: R2Bucket;
}

type Job = Pick<ExportJob, "id" | "clientId" | "format" | "branch" | "includeNotes" | "includeAttachments">;

/**
 * Writes a conversation to R2 as its export is to have it; one that is not there, or is erased meanwhile, leaves nothing.
 * Once more writes the same place again.
 */
export async function gatherConversation(
  { objects, blobs }: Gathering,
  { id: exportId, clientId, format, branch, includeNotes, includeAttachments }: Job,
  conversationId: string,
): Promise<void> {
  const place = { clientId, conversationId, exportId };
  const conversation = await objects.conversation(clientId, conversationId);
  const wanted = { branch, withNotes: includeNotes };
  const exported = await exportedConversation(conversation, wanted, exportFormatsByName[format]);
  if (!exported) return removeParts(blobs, [place]);
  await storePieces(blobs, textPartKey(place), exported.text, exported.isWhole);
  if (includeAttachments) await blobs.put(filesPartKey(place), JSON.stringify(await exported.files()));
  // It may have been erased while its last words were being stored; whoever erases it may have looked before that.
  if (!(await conversation.view()).ok) await removeParts(blobs, [place]);
}
