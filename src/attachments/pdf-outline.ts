import { Buffer } from "node:buffer";

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
  const text = latin(bytes);
  let most: number | null = null;
  let at = -1;
  for (let tree = 0; tree < lookedAt; tree++) {
    at = nextTree(text, at + 1);
    if (at < 0) return most;
    const before = text.slice(Math.max(0, at - around), at);
    const behind = text.slice(at, at + around);
    const dictionary = before.slice(before.lastIndexOf(" obj") + 1) + behind.split("endobj", 1)[0];
    const count = Number(/\/Count\s+(\d{1,9})/.exec(dictionary)?.[1] ?? 0);
    if (count > 0) most = Math.max(most ?? 0, count);
  }
  return most;
}

function nextTree(text: string, from: number): number {
  const type = /\/Type\s{0,8}\/Pages\b/g;
  type.lastIndex = from;
  return type.exec(text)?.index ?? -1;
}
