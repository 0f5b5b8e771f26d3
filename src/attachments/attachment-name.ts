import { type AttachmentType, attachmentLimits } from "#src/objects/attachments-api.ts";
import { cutGraphemes } from "#src/text/cut-text.ts";

/** What something is called that was given no name, by what it is. */
const plainNames: Record<AttachmentType, string> = {
  "image/png": "picture.png",
  "image/jpeg": "picture.jpg",
  "image/webp": "picture.webp",
  "image/gif": "picture.gif",
  "text/plain": "text.txt",
  "text/markdown": "text.md",
  "text/csv": "table.csv",
  "application/json": "data.json",
  "application/pdf": "document.pdf",
};

/** A name as it is kept: the last part of a path, on one line, of 120 characters at most. */
export function cleanName(given: string, type: AttachmentType): string {
  const name = given
    .toWellFormed()
    .normalize("NFC")
    .replaceAll(/[\p{C}\p{Zl}\p{Zp}]+/gu, " ")
    .replace(/^.*[/\\]/, "")
    .replaceAll(/\s+/g, " ")
    .replaceAll(/^[. ]+|[. ]+$/g, "");
  return cutGraphemes(name, attachmentLimits.name).trim() || plainNames[type];
}

/** How an answer says what a file is called, and whether it may be shown where it is asked for (RFC 6266, RFC 8187). */
export function contentDisposition(way: "inline" | "attachment", name: string): string {
  const plain = name.replaceAll(/[^\x20-\x7e]|["\\%]/g, "_");
  const encoded = encodeURIComponent(name).replaceAll(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${way}; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
