/** A picture as its own bytes describe it. */
interface Picture {
  contentType: "image/png" | "image/jpeg" | "image/webp" | "image/gif";
  extension: "png" | "jpg" | "webp" | "gif";
  /** Pixels. */
  width: number;
  height: number;
  /** Bytes that are the picture's; what is behind them is not. */
  length: number;
}

type Measured = Pick<Picture, "width" | "height" | "length">;

/** Bytes as the formats read them; beyond the end there are zeros, which end every format's walk. */
class Source {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  byte(at: number): number {
    return this.bytes[at] ?? 0;
  }

  text(at: number, length: number): string {
    return String.fromCharCode(...this.bytes.subarray(at, at + length));
  }

  /** A whole number of some bytes, the most significant first. */
  big(at: number, length: number): number {
    let value = 0;
    for (let index = 0; index < length; index++) value = value * 256 + this.byte(at + index);
    return value;
  }

  /** A whole number of some bytes, the least significant first. */
  little(at: number, length: number): number {
    let value = 0;
    for (let index = length - 1; index >= 0; index--) value = value * 256 + this.byte(at + index);
    return value;
  }

  isBeyond(at: number): boolean {
    return at > this.bytes.byteLength;
  }
}

/** Chunks of length, type, data and checksum, from IHDR to IEND. */
function measurePng(source: Source): Measured | undefined {
  if (source.text(0, 8) !== "\x89PNG\r\n\x1a\n" || source.text(12, 4) !== "IHDR") return undefined;
  for (let at = 8; !source.isBeyond(at + 12); at += 12 + source.big(at, 4)) {
    if (source.text(at + 4, 4) !== "IEND") continue;
    return { width: source.big(16, 4), height: source.big(20, 4), length: at + 12 };
  }
  return undefined;
}

/** Segments behind markers; the frame's tells the size, and coded data follows each scan's until the next marker. */
function measureJpeg(source: Source): Measured | undefined {
  if (source.big(0, 2) !== 0xffd8) return undefined;
  let size = { width: 0, height: 0 };
  for (let at = 2; source.byte(at) === 0xff; ) {
    const marker = source.byte(at + 1);
    if (marker === 0xd9) return { ...size, length: at + 2 };
    if (marker === 0xff) {
      at++;
      continue;
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) size = { height: source.big(at + 5, 2), width: source.big(at + 7, 2) };
    at += 2 + source.big(at + 2, 2);
    if (marker === 0xda) at = endOfScan(source, at);
  }
  return undefined;
}

/** Where coded data ends: at a marker that neither stands for a byte 0xff nor restarts. */
function endOfScan({ bytes }: Source, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const marker = bytes[at + 1] ?? 0;
    if (marker !== 0 && !(marker >= 0xd0 && marker <= 0xd7)) return at;
  }
  return bytes.byteLength;
}

/** A screen with its colours, then pictures and extensions, then a trailer. */
function measureGif(source: Source): Measured | undefined {
  if (!/^GIF8[79]a$/.test(source.text(0, 6))) return undefined;
  const coloursOf = (flags: number) => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);
  let at = 13 + coloursOf(source.byte(10));
  for (;;) {
    const block = source.byte(at);
    if (block === 0x3b) return { width: source.little(6, 2), height: source.little(8, 2), length: at + 1 };
    if (block === 0x2c) at += 11 + coloursOf(source.byte(at + 9));
    else if (block === 0x21) at += 2;
    else return undefined;
    while (source.byte(at) !== 0) at += 1 + source.byte(at);
    at++;
  }
}

/** A RIFF container that tells its own length; what its first chunk is says where the size stands. */
function measureWebp(source: Source): Measured | undefined {
  if (source.text(0, 4) !== "RIFF" || source.text(8, 4) !== "WEBP") return undefined;
  const length = 8 + source.little(4, 4);
  switch (source.text(12, 4)) {
    case "VP8X":
      return { width: source.little(24, 3) + 1, height: source.little(27, 3) + 1, length };
    case "VP8L": {
      if (source.byte(20) !== 0x2f) return undefined;
      const bits = source.little(21, 4);
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1, length };
    }
    case "VP8 ":
      if (source.big(23, 3) !== 0x9d012a) return undefined;
      return { width: source.little(26, 2) & 0x3fff, height: source.little(28, 2) & 0x3fff, length };
    default:
      return undefined;
  }
}

const formats = [
  { contentType: "image/png", extension: "png", measure: measurePng },
  { contentType: "image/jpeg", extension: "jpg", measure: measureJpeg },
  { contentType: "image/webp", extension: "webp", measure: measureWebp },
  { contentType: "image/gif", extension: "gif", measure: measureGif },
] as const;

/**
 * What kind of picture the bytes are, by their structure and nothing else; undefined
 * for every other kind, for a picture that is cut short, and for one with something
 * behind it. Only a JPEG may be followed by something: phones add a second picture.
 */
export function sniffImage(bytes: Uint8Array): Picture | undefined {
  const source = new Source(bytes);
  for (const { contentType, extension, measure } of formats) {
    const measured = measure(source);
    if (!measured) continue;
    const { width, height, length } = measured;
    const isWhole = contentType === "image/jpeg" ? !source.isBeyond(length) : length === bytes.byteLength;
    return isWhole && width > 0 && height > 0 ? { contentType, extension, ...measured } : undefined;
  }
  return undefined;
}
