import type { ZipEntry } from "#src/exports/index.ts";
import type { AttachmentView } from "#src/objects/attachments-api.ts";
import type { ExportFormat } from "./export-format.ts";
import { type Source, writtenExport } from "./written-export.ts";

/** A file that came with a message of a conversation. */
export interface ExportedFile {
  conversationId: string;
  file: AttachmentView;
}

/** What an attachment holds; null where it is there no more. */
export type FileReader = (file: ExportedFile) => Promise<ReadableStream<Uint8Array> | null>;

/**
 * What an archive of conversations holds: the file that there would be without it, or in Markdown one of each
 * conversation, and behind it what came with the messages. A file that was removed meanwhile is not in it.
 */
export async function* zippedExport(
  source: Source,
  ids: readonly string[],
  format: ExportFormat,
  read: FileReader,
): AsyncGenerator<ZipEntry, void> {
  const attached: ExportedFile[] = [];
  const onFiles = (conversationId: string, files: readonly AttachmentView[]) => {
    for (const file of files) attached.push({ conversationId, file });
  };
  if (format.extension === "md") yield* oneFileEach(source, ids, format, onFiles);
  else
    yield {
      name: `conversations.${format.extension}`,
      pieces: writtenExport(source, ids, format, onFiles),
    };
  for (const each of attached) {
    const pieces = await read(each);
    if (pieces) yield { name: pathOf(each), pieces };
  }
}

async function* oneFileEach(
  source: Source,
  ids: readonly string[],
  format: ExportFormat,
  onFiles: Parameters<typeof writtenExport>[3],
): AsyncGenerator<ZipEntry, void> {
  for (const id of new Set(ids))
    yield { name: `${id}.${format.extension}`, pieces: writtenExport(source, [id], format, onFiles) };
}

/**
 * By its id as well: several may be called the same. Names of attachments have no folders in them; signs that some system
 * has no files with are replaced.
 */
const pathOf = ({ conversationId, file: { id, name } }: ExportedFile): string =>
  `attachments/${conversationId}/${id}-${name.replaceAll(/[<>:"|?*]/g, "_")}`;
