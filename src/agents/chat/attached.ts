import { Buffer } from "node:buffer";
import type { AttachmentView } from "#src/objects/attachments-api.ts";
import type { ContextMessage } from "#src/objects/turn-contract.ts";
import type { PromptMessage, PromptPicture } from "#src/providers/index.ts";
import { cutText } from "#src/text/cut-text.ts";
import { dataBlock } from "../data-blocks.ts";

/** Reads what came with a message; undefined where it is there no more. */
export type ReadAttachment = (id: string) => Promise<Uint8Array | undefined>;

/** What came with a message, as it stands in a prompt. */
interface Attached {
  texts: readonly string[];
  pictures: readonly PromptPicture[];
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
  const { texts, pictures } = attached;
  return [{ ...first, texts: [...texts, ...first.texts], ...(pictures.length > 0 && { pictures }) }, ...rest];
}

/** Pictures of so many messages, the newest, are shown; older ones are named. */
const shownMessages = 4;

/** What one prompt carries, the newest first: bytes of pictures, and UTF-16 units of texts. What has no room is named. */
const carried = { pictures: 10 * 1024 * 1024, texts: 200_000 };

/** Of a picture, whatever its size: larger ones are made smaller by who reads them. */
const maxPictureTokens = 1600;
const pixelsPerToken = 750;

const isPicture = (type: string): type is PromptPicture["type"] => type.startsWith("image/");

const tokensOfPicture = ({ width, height }: AttachmentView): number =>
  Math.min(maxPictureTokens, Math.ceil(((width ?? 0) * (height ?? 0)) / pixelsPerToken));

/**
 * Reads what came with the messages of a path: pictures of the newest messages as they are, texts as blocks of data,
 * whatever else by its name. Nothing in a file can be taken for words of whoever sent it.
 */
export async function attachedFiles(
  messages: readonly ContextMessage[],
  read: ReadAttachment,
): Promise<AttachedFiles> {
  const attached = new Map<string, Attached>();
  const left = { ...carried };
  for (const [age, { id, role, attachments }] of [...messages].reverse().entries()) {
    const texts: string[] = [];
    const pictures: PromptPicture[] = [];
    for (const attachment of attachments) {
      const { type, name, bytes: size } = attachment;
      // Models are shown pictures by whoever asks them, and not by their own side.
      const isShown = isPicture(type)
        ? role === "user" && age < shownMessages && size <= left.pictures
        : left.texts > 0;
      const bytes = isShown ? await read(attachment.id) : undefined;
      if (bytes && isPicture(type)) {
        left.pictures -= size;
        const data = Buffer.from(bytes).toString("base64");
        pictures.push({ type, data, tokens: tokensOfPicture(attachment) });
      }
      const text =
        bytes && !isPicture(type) ? cutText(new TextDecoder().decode(bytes), left.texts) : undefined;
      left.texts -= text?.length ?? 0;
      texts.push(text === undefined ? named(attachment) : dataBlock(name, text));
    }
    if (attachments.length > 0) attached.set(id, { texts, pictures });
  }
  return attached;
}

const named = ({ name, type, bytes, width, height }: AttachmentView): string =>
  dataBlock("attachment", { name, type, bytes, ...(width && height ? { width, height } : {}) });
