import { findAttachment } from "#src/attachments/index.ts";
import { type Exported, zipped } from "#src/exports/index.ts";
import type { Platform } from "#src/platform.ts";
import { exportFormatsByName } from "./export-formats.ts";
import type { ExportFormatName } from "./schemas.ts";
import { type Source, writtenExport } from "./written-export.ts";
import { zippedExport } from "./zipped-export.ts";

interface Export {
  clientId: string;
  ids: readonly string[];
  format: ExportFormatName;
  /** Whether what came with the messages is in it as well. */
  withFiles: boolean;
  source: Source;
}

/** The file of an export: an archive where files are in it. */
export function exportedFile(
  { blobs, clock }: Pick<Platform, "blobs" | "clock">,
  { clientId, ids, format: name, withFiles, source }: Export,
): Exported {
  const format = exportFormatsByName[name];
  if (!withFiles)
    return {
      contentType: format.contentType,
      name: `conversations.${format.extension}`,
      pieces: writtenExport(source, ids, format),
    };
  const entries = zippedExport(source, ids, format, async ({ conversationId, file: { id } }) => {
    const stored = await findAttachment(blobs, { clientId, conversationId, id });
    return stored?.body ?? null;
  });
  return {
    contentType: "application/zip",
    name: "conversations.zip",
    pieces: zipped(entries, clock.now()),
  };
}
