import { filesPartKey, type PartPlace, textPartKey } from "#src/exports/index.ts";
import { attachmentViewsSchema } from "#src/objects/attachments-api.ts";
import type { ExportedConversation } from "./exported-conversation.ts";

/** A conversation as it was gathered for an export; undefined where it was not there, or was erased since. */
export async function gatheredConversation(
  blobs: Pick<R2Bucket, "get">,
  place: PartPlace,
): Promise<ExportedConversation | undefined> {
  const text = await blobs.get(textPartKey(place));
  if (!text) return undefined;
  return {
    text: text.body,
    files: async () => {
      const files = await blobs.get(filesPartKey(place));
      return files ? attachmentViewsSchema.parse(await files.json()) : [];
    },
    isWhole: () => true,
  };
}
