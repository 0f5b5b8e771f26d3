import { expect, it } from "vitest";
import { readPdf } from "#src/documents/read-pdf.ts";
import { pdf } from "../../support/pdfs.ts";

it("The words of a document are read page by page", async () => {
  const bytes = pdf({ pages: ["About  tea", "And coffee"] });
  expect(await readPdf(bytes, 100)).toEqual({ pages: 2, text: "About tea\nAnd coffee" });
});

it("No more pages are read than are asked for, and all are counted", async () => {
  const bytes = pdf({ pages: ["One", "Two", "Three"] });
  expect(await readPdf(bytes, 2)).toEqual({ pages: 3, text: "One\nTwo" });
});

it("One without words has none, and one that is broken cannot be read", async () => {
  expect(await readPdf(pdf({ pages: [""] }), 100)).toEqual({ pages: 1, text: "" });
  expect(await readPdf(new TextEncoder().encode("%PDF-1.4\nnothing"), 100)).toBeUndefined();
});
