import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sniffImage } from "#src/attachments/sniff-image.ts";
import { joined, pictures } from "#tests/support/pictures.ts";

const page = "<!doctype html><script>alert(1)</script>";
const drawing = '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>';

describe("A picture", () => {
  it.each([
    ["png", "image/png", "png"],
    ["jpeg", "image/jpeg", "jpg"],
    ["progressiveJpeg", "image/jpeg", "jpg"],
    ["gif", "image/gif", "gif"],
    ["webp", "image/webp", "webp"],
    ["losslessWebp", "image/webp", "webp"],
    ["extendedWebp", "image/webp", "webp"],
  ] as const)("%s is known by its structure, with its size", (name, contentType, extension) => {
    const bytes = pictures[name];
    const known = { contentType, extension, width: 3, height: 2, length: bytes.length };
    expect(sniffImage(bytes)).toEqual(known);
  });

  it.each(Object.entries(pictures))("%s that is cut short is none, wherever the cut", (_, bytes) => {
    for (let length = 0; length < bytes.length; length++) {
      expect(sniffImage(bytes.subarray(0, length)), `${length} bytes`).toBeUndefined();
    }
  });

  it.each(["png", "gif", "webp"] as const)("%s with a page behind it is none", (name) => {
    expect(sniffImage(joined(pictures[name], page))).toBeUndefined();
  });

  it("of a phone may have a second one behind it, which is not part of it", () => {
    const bytes = joined(pictures.jpeg, pictures.jpeg);
    expect(sniffImage(bytes)).toMatchObject({ length: pictures.jpeg.length });
  });

  it("without any size is none", () => {
    const empty = pictures.gif.slice();
    empty.set([0, 0], 6);
    expect(sniffImage(empty)).toBeUndefined();
  });
});

describe("No picture", () => {
  it.each([
    ["nothing", ""],
    ["a page", page],
    ["a drawing with a script", drawing],
    ["a page that begins like a GIF", `GIF89a/*${page}*/`],
    ["a page that begins like a PNG", joined(Uint8Array.of(0x89), "PNG\r\n\x1a\n", page)],
    ["a page that begins like a JPEG", joined(Uint8Array.of(0xff, 0xd8, 0xff), page)],
    ["a page in a WebP's container", joined("RIFF", Uint8Array.of(48, 0, 0, 0), "WEBP", page)],
    ["a bitmap", "BM\x3a\0\0\0"],
    ["a document", "%PDF-1.7"],
  ])("%s is one", (_, content) => {
    expect(sniffImage(joined(content))).toBeUndefined();
  });

  it("is found in whatever bytes, and looking at them ends", () => {
    const beginnings = Object.values(pictures).map((bytes) => bytes.subarray(0, 16));
    fc.assert(
      fc.property(fc.constantFrom(...beginnings), fc.uint8Array({ maxLength: 400 }), (beginning, rest) => {
        const found = sniffImage(joined(beginning, rest));
        expect(found === undefined || found.length <= beginning.length + rest.length).toBe(true);
      }),
    );
  });
});
