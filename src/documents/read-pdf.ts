import { getDocument, VerbosityLevel } from "unpdf/pdfjs";
import { cutText } from "#src/text/cut-text.ts";

/** What stands in a document. */
export interface PdfText {
  pages: number;
  text: string;
}

/** Characters that are kept of a text: 2 MB in UTF-8, whatever it is written in. */
const maxText = 700_000;

/**
 * The words of a PDF, page by page, as many as a text may have.
 * @returns undefined where it cannot be read: it is broken, or locked
 */
export async function readPdf(bytes: Uint8Array, maxPages: number): Promise<PdfText | undefined> {
  const task = getDocument({ data: bytes, useSystemFonts: true, verbosity: VerbosityLevel.ERRORS });
  try {
    const document = await task.promise;
    const { numPages: pages } = document;
    const texts: string[] = [];
    let left = maxText;
    for (let number = 1; number <= Math.min(pages, maxPages) && left > 0; number++) {
      const page = await document.getPage(number);
      const { items } = await page.getTextContent();
      const text = items.map((item) => ("str" in item ? item.str + (item.hasEOL ? "\n" : "") : "")).join("");
      texts.push(text);
      left -= text.length;
      page.cleanup();
    }
    return { pages, text: cutText(tidy(texts.join("\n")), maxText) };
  } catch {
    return undefined;
  } finally {
    await task.destroy();
  }
}

/** Without what is no text, and without the room that a layout leaves. */
const tidy = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(/(?![\n\t])\p{Cc}/gu, "")
    .replaceAll(/[^\S\n]+/g, " ")
    .replaceAll(/ ?\n ?/g, "\n")
    .replaceAll(/\n{3,}/g, "\n\n")
    .trim();
