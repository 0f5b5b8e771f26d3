import { crc32 } from "node:zlib";
import { ProviderError } from "../provider-error.ts";

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Length, type and checksum around the data of a chunk. */
const aroundChunk = 12;
const base64Pattern = /^[A-Za-z0-9+/]+={0,2}$/;

const broken = (what: string) =>
  new ProviderError("EXTERNAL_SERVICE_ERROR", `The image service sent ${what}`, { retryable: true });

/**
 * The bytes of a PNG sent as base64 (in lines or in one), with its measures.
 * @throws ProviderError for what is no base64, no PNG, one that breaks off, is damaged or has no size
 */
export function decodePng(base64: string): { png: Uint8Array; width: number; height: number } {
  const plain = base64.replaceAll(/\s+/g, "");
  if (plain.length % 4 !== 0 || !base64Pattern.test(plain)) throw broken("something that is not base64");
  const png = new Uint8Array(Buffer.from(plain, "base64"));
  if (!signature.every((byte, index) => png[index] === byte)) throw broken("something that is not a PNG");
  const types = chunkTypes(png);
  if (types[0] !== "IHDR" || !types.includes("IDAT")) throw broken("something that is not a PNG");
  const header = new DataView(png.buffer, 16, 8);
  const [width, height] = [header.getUint32(0), header.getUint32(4)];
  if (width === 0 || height === 0) throw broken("a PNG without a size");
  return { png, width, height };
}

/** Types of a PNG's chunks up to the one that ends it, each of them whole and as its checksum says. */
function chunkTypes(png: Uint8Array): string[] {
  const view = new DataView(png.buffer);
  const types: string[] = [];
  for (let at = signature.length; types.at(-1) !== "IEND"; ) {
    if (at + aroundChunk > png.length) throw broken("half a PNG");
    const end = at + aroundChunk + view.getUint32(at);
    if (end > png.length) throw broken("half a PNG");
    if (crc32(png.subarray(at + 4, end - 4)) !== view.getUint32(end - 4)) throw broken("a damaged PNG");
    types.push(String.fromCharCode(...png.subarray(at + 4, at + 8)));
    at = end;
  }
  return types;
}
