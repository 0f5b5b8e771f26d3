import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { kindLimits, maxAttachmentBytes, sniffAttachment } from "#src/attachments/sniff-attachment.ts";
import { joined, pictures } from "#tests/support/pictures.ts";

const found = (...parts: (Uint8Array | string)[]) => sniffAttachment(joined(...parts));

/** A picture whose header says that it is of another size. */
function sized(width: number, height: number): Uint8Array {
  const bytes = pictures.png.slice();
  new DataView(bytes.buffer).setUint32(16, width);
  new DataView(bytes.buffer).setUint32(20, height);
  return bytes;
}

describe("A file is what its content says", () => {
  it.each(Object.entries(pictures))("%s is a picture of its size", (_, bytes) => {
    expect(sniffAttachment(bytes)).toMatchObject({ width: 3, height: 2, length: bytes.length });
  });

  it.each([
    ["text/plain", "Tea, and no coffee.\nNone."],
    ["text/plain", "\ufeffTee für dich – 茶"],
    ["text/plain", "[not JSON"],
    ["text/markdown", "# Tea\n\nGreen."],
    ["text/markdown", "See [here](https://tea.example/)."],
    ["text/csv", 'name,price\n"Green, dried",3\nBlack,2'],
    ["text/csv", "name;price\nGreen;3"],
    ["application/json", '{"tea": [1, 2]}'],
  ])("%s: %j", (type, text) => {
    expect(found(text)).toMatchObject({ type, width: null });
  });

  it.each([
    ["nothing", ""],
    ["a page", "<!doctype html><p>Tea"],
    ["a page behind blanks", " \n<HTML><script>alert(1)</script>"],
    ["a drawing", '<svg xmlns="http://www.w3.org/2000/svg"/>'],
    ["a drawing behind a mark of the order of bytes", "\ufeff<?xml version='1.0'?><svg/>"],
    ["a program", "#!/bin/sh\necho tea"],
    ["PostScript", "%!PS-Adobe-3.0"],
    ["rich text", "{\\rtf1 tea}"],
    ["a Windows program", joined("MZ", Uint8Array.of(0x90, 0, 3, 0))],
    ["an archive", joined("PK", Uint8Array.of(3, 4, 20, 0, 0, 0))],
    ["text with a NUL", "te\0a"],
    ["text with an escape", "\u001b[31mtea"],
    ["Latin-1", Uint8Array.of(0x54, 0xe9)],
    ["half a character", Uint8Array.of(0x54, 0xc3)],
  ])("%s is taken in no way", (_, content) => {
    expect(found(content)).toEqual({ unfit: "kind" });
  });

  it.each(["png", "gif", "webp"] as const)("%s with a page behind it is broken", (name) => {
    expect(found(pictures[name], "<script>alert(1)</script>")).toEqual({ unfit: "broken" });
  });

  it.each(Object.entries(pictures))("%s that is cut short is broken", (_, bytes) => {
    expect(sniffAttachment(bytes.subarray(0, bytes.length - 1))).toEqual({ unfit: "broken" });
  });

  it("is refused beyond the bounds of its kind", () => {
    expect(sniffAttachment(sized(8001, 10))).toEqual({ unfit: "size", limit: { max_side: 8000 } });
    expect(sniffAttachment(sized(6000, 5000))).toEqual({ unfit: "size", limit: { max_pixels: 25_000_000 } });
    expect(sniffAttachment(sized(5000, 5000))).toMatchObject({ type: "image/png" });
    const { bytes } = kindLimits.text;
    expect(found("a".repeat(bytes))).toMatchObject({ type: "text/plain" });
    expect(found("a".repeat(bytes + 1))).toEqual({ unfit: "size", limit: { max_bytes: bytes } });
    expect(found(pictures.jpeg, new Uint8Array(maxAttachmentBytes))).toMatchObject({ unfit: "size" });
  });

  it("is looked at without an end to that, whatever it is", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.constantFrom("", "GIF89a", "RIFF", "{"),
        (bytes, beginning) => {
          const what = found(beginning, bytes);
          expect("unfit" in what || what.length <= bytes.length + beginning.length).toBe(true);
        },
      ),
    );
  });
});
