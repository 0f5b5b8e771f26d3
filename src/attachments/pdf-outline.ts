import { Buffer } from "node:buffer";
import { afterLast } from "#src/text/cut-text.ts";

// What a PDF says of itself outside of what is compressed in it. Each byte is a character.
const latin = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");

/** So far behind its last mark a document may go on, with the ends of lines. */
const tail = 1024;

/** So many trees of pages are looked at, so far around what says that they are. */
const lookedAt = 100;
const around = 4096;

/** Whether the bytes begin as a PDF does; one with something before it is none. */
export const isPdf = (bytes: Uint8Array): boolean => /^%PDF-[12]\.\d/.test(latin(bytes.subarray(0, 8)));

/** Whether it has its end, and nothing behind it. */
export const isWholePdf = (bytes: Uint8Array): boolean =>
  /\bstartxref\s+\d+\s+%%EOF[\s\0]*$/.test(latin(bytes.subarray(-tail)));

/** Whether it is locked, even by no password at all. */
export const isEncrypted = (bytes: Uint8Array): boolean =>
  /\/Encrypt\s*(?:\d+\s+\d+\s+R|<<)/.test(latin(bytes));

/** How many pages it says that it has; null where that is compressed. */
export function pagesOf(bytes: Uint8Array): number | null {
  let most: number | null = null;
  let trees = 0;
  for (const { index } of latin(bytes).matchAll(/\/Type\s{0,8}\/Pages\b/g)) {
    if (++trees > lookedAt) break;
    const before = latin(bytes.subarray(Math.max(0, index - around), index));
    const behind = latin(bytes.subarray(index, index + around));
    const dictionary = `${afterLast(before, " obj")}${behind.split("endobj", 1)[0]}`;
    const count = Number(/\/Count\s+(\d{1,9})/.exec(dictionary)?.[1] ?? 0);
    if (count > 0) most = Math.max(most ?? 0, count);
  }
  return most;
}
