export interface ImageType {
  contentType: string;
  extension: string;
}

const ascii = (bytes: Uint8Array, from: number, to: number): string =>
  String.fromCharCode(...bytes.subarray(from, to));

/** What kind of picture the bytes are, by their content and nothing else; undefined for every other kind. */
export function sniffImage(bytes: Uint8Array): ImageType | undefined {
  if (ascii(bytes, 0, 8) === "\x89PNG\r\n\x1a\n" && ascii(bytes, 12, 16) === "IHDR")
    return { contentType: "image/png", extension: "png" };
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff)
    return { contentType: "image/jpeg", extension: "jpg" };
  if (ascii(bytes, 0, 4) === "RIFF" && ascii(bytes, 8, 12) === "WEBP")
    return { contentType: "image/webp", extension: "webp" };
  if (/^GIF8[79]a$/.test(ascii(bytes, 0, 6))) return { contentType: "image/gif", extension: "gif" };
  return undefined;
}
