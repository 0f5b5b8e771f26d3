import { expect, it } from "vitest";
import { sniffAttachment } from "#src/attachments/index.ts";
import { pdf } from "../../support/pdfs.ts";
import { joined } from "../../support/pictures.ts";

const whole = pdf({ pages: ["Tea", "Coffee"] });
const broken = { unfit: "broken" };

it("A document is told by its content, with its pages", () => {
  expect(sniffAttachment(whole)).toMatchObject({ type: "application/pdf", length: whole.length, pages: 2 });
});

it("Pages that are compressed are not known yet", () => {
  const hidden = new TextDecoder().decode(whole).replace("/Type /Pages", "/Type /Pagex");
  expect(sniffAttachment(joined(hidden))).toMatchObject({ type: "application/pdf", pages: null });
});

it("One that is cut short, locked, too long or has something behind it is broken", () => {
  expect(sniffAttachment(whole.slice(0, -40))).toEqual(broken);
  expect(sniffAttachment(joined(whole, "PK\u0003\u0004 an archive"))).toEqual(broken);
  expect(sniffAttachment(pdf({ pages: ["Tea"], trailer: "/Encrypt 9 0 R " }))).toEqual(broken);
  expect(sniffAttachment(pdf({ pages: Array(101).fill("Tea") }))).toEqual(broken);
  expect(sniffAttachment(pdf({ pages: Array(100).fill("Tea") }))).toMatchObject({ pages: 100 });
});

it("One with something before it is no document, and one of more than 10 MB too large", () => {
  expect(sniffAttachment(joined("MZ\0", whole))).toEqual({ unfit: "kind" });
  const large = joined("%PDF-1.4\n", new Uint8Array(10 * 1024 * 1024));
  expect(sniffAttachment(large)).toEqual({ unfit: "size", limit: { max_bytes: 10 * 1024 * 1024 } });
});
