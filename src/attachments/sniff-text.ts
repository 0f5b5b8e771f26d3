import type { AttachmentType } from "#src/objects/attachments-api.ts";

/** What a reader that guesses would take for a page, a drawing, a program or a document of its own kind. */
const forbiddenBeginning = /^(?:<[!?a-z]|#!|%!|\{\\rtf)/i;

/** Control characters that texts are not made of: all but those that end a line or a page, and tabs. */
const control = /(?![\t\n\v\f\r\u0085])\p{Cc}/u;

/** So many lines are looked at to tell one kind of text from another. */
const lookedAt = 50;

const markdownLine = /^(?:#{1,6} |```|~~~|[-*+] |\d+\. |> |\|.*\|\s*$)|\[[^\]\n]+\]\([^)\s]+\)/;
const separators = [",", ";", "\t"];

/**
 * What kind of text the bytes are, by what is written in them; undefined where they are no text: no UTF-8, with control
 * characters, or something that would be run or drawn.
 */
export function sniffText(
  bytes: Uint8Array,
): Extract<AttachmentType, `text/${string}` | "application/json"> | undefined {
  const text = decoded(bytes);
  if (text === undefined || control.test(text) || forbiddenBeginning.test(text.trimStart())) return undefined;
  if (isJson(text)) return "application/json";
  const lines = text.split(/\r?\n/, lookedAt).filter((line) => line.trim() !== "");
  if (isTable(lines)) return "text/csv";
  return lines.some((line) => markdownLine.test(line)) ? "text/markdown" : "text/plain";
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    // A mark of the order of bytes at the beginning is left out.
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    return undefined;
  }
}

function isJson(text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Whether each line has the same number of fields, and more than one. */
function isTable(lines: readonly string[]): boolean {
  if (lines.length < 2) return false;
  const bare = lines.map((line) => line.replaceAll(/"(?:[^"]|"")*"/g, ""));
  return separators.some((separator) => {
    const counts = new Set(bare.map((line) => line.split(separator).length));
    return counts.size === 1 && !counts.has(1);
  });
}
