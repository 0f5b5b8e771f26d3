import { cutText } from "#src/text/cut-text.ts";

/** The beginning of a body as text; what comes after so many bytes is not read. */
export async function beginningOf(
  body: ReadableStream<Uint8Array> | null,
  maxBytes: number,
): Promise<{ text: string; isCut: boolean }> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const piece of body ?? []) {
    bytes += piece.byteLength;
    text += decoder.decode(piece, { stream: true });
    // Leaving the loop cancels the rest.
    if (bytes > maxBytes) return { text: cutText(text, maxBytes), isCut: true };
  }
  return { text: text + decoder.decode(), isCut: false };
}
