import { type AttachmentType, attachmentLimits } from "#src/objects/attachments-api.ts";
import { isEncrypted, isPdf, isWholePdf, pagesOf } from "./pdf-outline.ts";
import { sniffImage } from "./sniff-image.ts";
import { sniffText } from "./sniff-text.ts";

const mega = 1024 * 1024;

/** What is taken of each kind; sizes in bytes, sides in pixels. */
export const kindLimits = {
  image: { bytes: 5 * mega, side: 8000, pixels: 25_000_000 },
  document: { bytes: 10 * mega },
  text: { bytes: mega },
} as const;

/** The most that anything may hold, in bytes. */
export const maxAttachmentBytes = Math.max(...Object.values(kindLimits).map(({ bytes }) => bytes));

/** What bytes were found to be. */
export interface Sniffed {
  type: AttachmentType;
  /** Bytes that are kept: what is behind a picture is not part of it. */
  length: number;
  /** In pixels; null where it is no picture. */
  width: number | null;
  height: number | null;
  /** Of a document, where it says so; who reads it will know. */
  pages: number | null;
}

/** Why something is not taken: a kind that is not, one that is broken, or more than the kind may have. */
export type Unfit = { unfit: "kind" | "broken" } | { unfit: "size"; limit: Record<string, number> };

/** How the formats begin that pictures have. */
const pictureBeginning = /^(?:\x89PNG|\xff\xd8\xff|GIF8|RIFF.{4}WEBP)/s;

/** What something is, told by its content: neither what it is called nor what type it comes with says anything. */
export function sniffAttachment(bytes: Uint8Array): Sniffed | Unfit {
  const beginning = String.fromCharCode(...bytes.subarray(0, 12));
  if (pictureBeginning.test(beginning)) return sniffedImage(bytes);
  if (isPdf(bytes)) return sniffedPdf(bytes);
  const type = sniffText(bytes);
  if (bytes.length === 0 || type === undefined) return { unfit: "kind" };
  if (bytes.length > kindLimits.text.bytes)
    return { unfit: "size", limit: { max_bytes: kindLimits.text.bytes } };
  return { type, length: bytes.length, width: null, height: null, pages: null };
}

/** Anything that cannot be read by whoever is given it is broken: cut short, locked, or with something behind it. */
function sniffedPdf(bytes: Uint8Array): Sniffed | Unfit {
  const { bytes: maxBytes } = kindLimits.document;
  if (bytes.length > maxBytes) return { unfit: "size", limit: { max_bytes: maxBytes } };
  const pages = pagesOf(bytes);
  if (!isWholePdf(bytes) || isEncrypted(bytes) || (pages ?? 0) > attachmentLimits.pages)
    return { unfit: "broken" };
  return { type: "application/pdf", length: bytes.length, width: null, height: null, pages };
}

function sniffedImage(bytes: Uint8Array): Sniffed | Unfit {
  const { bytes: maxBytes, side, pixels } = kindLimits.image;
  if (bytes.length > maxBytes) return { unfit: "size", limit: { max_bytes: maxBytes } };
  const picture = sniffImage(bytes);
  if (!picture) return { unfit: "broken" };
  const { contentType: type, width, height, length } = picture;
  if (Math.max(width, height) > side) return { unfit: "size", limit: { max_side: side } };
  if (width * height > pixels) return { unfit: "size", limit: { max_pixels: pixels } };
  return { type, length, width, height, pages: null };
}
