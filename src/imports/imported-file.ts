import { z } from "@hono/zod-openapi";
import { maxImportBytes, tooLarge } from "./import-size.ts";
import { unusable } from "./limits.ts";

/** A file that somebody sends. */
export const fileSchema = (description: string) =>
  z
    .custom<File>((value) => value instanceof File, "A file")
    .openapi({ type: "string", format: "binary", description });

/**
 * The text of a file that is to be imported.
 * @throws AppError `PAYLOAD_TOO_LARGE`; `BAD_REQUEST` for what is not in UTF-8
 */
export async function importedText(file: File): Promise<string> {
  if (file.size > maxImportBytes) throw tooLarge();
  const bytes = await file.arrayBuffer();
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch (cause) {
    throw unusable("The file is not in UTF-8", cause);
  }
}
