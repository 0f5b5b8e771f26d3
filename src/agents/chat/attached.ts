import { Buffer } from "node:buffer";
import { type AttachmentView, attachmentLimits } from "#src/objects/attachments-api.ts";
import type { ContextMessage } from "#src/objects/turn-contract.ts";
import type { PromptFile, PromptMessage } from "#src/providers/index.ts";
import { cutText } from "#src/text/cut-text.ts";
import { dataBlock } from "../data-blocks.ts";

/** Reads what came with a message, or the text of a document; undefined where there is none, or none any more. */
export type ReadAttachment = (id: string, what?: "file" | "text") => Promise<Uint8Array | undefined>;

/** What came with a message, as it stands in a prompt. */
interface Attached {
  texts: readonly string[];
  files: readonly PromptFile[];
}

/** What came with the messages of a path, by their ids. */
export type AttachedFiles = ReadonlyMap<string, Attached>;

export const noFiles: AttachedFiles = new Map();

/** A message's turns with what came with it: before its words, so that the last word is whoever's it was. */
export function withFiles(
  [first, ...rest]: PromptMessage[],
  attached: Attached | undefined,
): PromptMessage[] {
  if (!attached || !first || !("texts" in first) || "answers" in first)
    return first ? [first, ...rest] : rest;
  const { texts, files } = attached;
  return [{ ...first, texts: [...texts, ...first.texts], ...(files.length > 0 && { files }) }, ...rest];
}

/** Pictures of so many messages, the newest, are shown; older ones are named. */
const shownMessages = 4;

/** What one prompt carries, the newest first: bytes and tokens of files, and UTF-16 units of texts. What has no room is named. */
const carried = { bytes: 10 * 1024 * 1024, tokens: 120_000, texts: 200_000 };

/** Of a picture, whatever its size: larger ones are made smaller by who reads them. */
const maxPictureTokens = 1600;
const pixelsPerToken = 750;
/** A page is read as words and as a picture. */
const pageTokens = 3000;
/** Of a document that has not said how many it has: one for so many bytes. */
const bytesOfPage = 50_000;

const isFile = (type: string): type is PromptFile["type"] =>
  type.startsWith("image/") || type === "application/pdf";

const tokensOfFile = ({ type, width, height, pages, bytes }: AttachmentView): number =>
  type === "application/pdf"
    ? pageTokens * (pages ?? Math.ceil(bytes / bytesOfPage))
    : Math.min(maxPictureTokens, Math.ceil(((width ?? 0) * (height ?? 0)) / pixelsPerToken));

/** How far back a message is, and whether it has been answered since. */
interface Age {
  messages: number;
  isAnswered: boolean;
}

/** Whether something is shown as it is: pictures for a while, documents until they have been answered. */
function isShown({ type, pages }: AttachmentView, { messages, isAnswered }: Age, hasText: boolean): boolean {
  if (type !== "application/pdf") return isFile(type) && messages < shownMessages;
  if ((pages ?? 0) > attachmentLimits.pages) return false;
  return !isAnswered || (!hasText && messages < shownMessages);
}

/**
 * Reads what came with the messages of a path: pictures of the newest messages and new documents as they are, texts and
 * what was read in older documents as blocks of data, whatever else by its name. Nothing in a file can be taken for words
 * of whoever sent it.
 */
export async function attachedFiles(
  messages: readonly ContextMessage[],
  read: ReadAttachment,
): Promise<AttachedFiles> {
  const attached = new Map<string, Attached>();
  const left = { ...carried };
  let isAnswered = false;
  for (const [age, { id, role, attachments }] of [...messages].reverse().entries()) {
    if (role !== "user") isAnswered = true;
    const texts: string[] = [];
    const files: PromptFile[] = [];
    for (const attachment of attachments) {
      const { type, name, bytes: size } = attachment;
      const text =
        isFile(type) && type !== "application/pdf" ? undefined : await wordsOf(attachment, read, left);
      const tokens = tokensOfFile(attachment);
      // Models are shown files by whoever asks them, and not by their own side.
      const fits = role === "user" && size <= left.bytes && tokens <= left.tokens;
      const shown =
        isFile(type) && fits && isShown(attachment, { messages: age, isAnswered }, text !== undefined)
          ? await read(attachment.id)
          : undefined;
      if (shown && isFile(type)) {
        left.bytes -= size;
        left.tokens -= tokens;
        files.push({ type, data: Buffer.from(shown).toString("base64"), tokens });
      }
      const told = shown ? undefined : text;
      left.texts -= told?.length ?? 0;
      texts.push(told === undefined ? named(attachment) : dataBlock(name, told));
    }
    if (attachments.length > 0) attached.set(id, { texts, files });
  }
  return attached;
}

/** What a text or a document says, as far as there is room for it. */
async function wordsOf(
  { id, type }: AttachmentView,
  read: ReadAttachment,
  left: { texts: number },
): Promise<string | undefined> {
  if (left.texts <= 0) return undefined;
  const bytes = await read(id, type === "application/pdf" ? "text" : "file");
  return bytes && cutText(new TextDecoder().decode(bytes), left.texts);
}

const named = ({ name, type, bytes, width, height, pages }: AttachmentView): string =>
  dataBlock("attachment", {
    name,
    type,
    bytes,
    ...(width && height ? { width, height } : {}),
    ...(pages ? { pages } : {}),
  });
