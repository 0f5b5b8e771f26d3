import type { AttachmentView } from "#src/objects/attachments-api.ts";
import type { ExportFormat } from "./export-format.ts";
import type { ExportedConversation } from "./exported-conversation.ts";

/** Where the conversations of an export come from; undefined for one that is not there. */
export type Source = (id: string) => Promise<ExportedConversation | undefined>;

/** Is told of what came with the messages of a conversation whose text has been written. */
type OnFiles = (conversationId: string, files: readonly AttachmentView[]) => void;

const encoder = new TextEncoder();

/** A file of conversations; the next one is read only when the one before has been taken. */
export async function* writtenExport(
  source: Source,
  ids: readonly string[],
  format: ExportFormat,
  onFiles?: OnFiles,
): AsyncGenerator<Uint8Array, void> {
  yield encoder.encode(format.head);
  const missing: string[] = [];
  let count = 0;
  for (const id of new Set(ids)) {
    const conversation = await source(id);
    if (!conversation) missing.push(id);
    else {
      if (count > 0 && format.between) yield encoder.encode(format.between);
      yield* conversation.text;
      onFiles?.(id, await conversation.files());
      count += 1;
    }
  }
  yield encoder.encode(format.foot({ count, missing }));
}
