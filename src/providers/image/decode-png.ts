import { ProviderError } from "../provider-error.ts";

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Signature, header chunk, and the empty chunk that ends every PNG. */
const smallest = 8 + 25 + 12;
const base64Pattern = /^[A-Za-z0-9+/]+={0,2}$/;

const broken = (what: string) =>
  new ProviderError("EXTERNAL_SERVICE_ERROR", `The image service sent ${what}`, { retryable: true });

/**
 * The bytes of a PNG sent as base64, with its measures.
 * @throws ProviderError for what is no base64, no PNG, or one that breaks off
 */
export function decodePng(base64: string): { png: Uint8Array; width: number; height: number } {
  if (base64.length % 4 !== 0 || !base64Pattern.test(base64)) throw broken("something that is not base64");
  const png = new Uint8Array(Buffer.from(base64, "base64"));
  if (png.length < smallest || !signature.every((byte, index) => png[index] === byte)) {
    throw broken("something that is not a PNG");
  }
  const end = String.fromCharCode(...png.subarray(-8, -4));
  if (end !== "IEND") throw broken("half a PNG");
  const header = new DataView(png.buffer, 16, 8);
  return { png, width: header.getUint32(0), height: header.getUint32(4) };
}
