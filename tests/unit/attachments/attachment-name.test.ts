import fc from "fast-check";
import { expect, it } from "vitest";
import { cleanName, contentDisposition } from "#src/attachments/attachment-name.ts";

it.each([
  ["tea.png", "tea.png"],
  ["../../etc/passwd", "passwd"],
  ["C:\\Users\\ada\\tea.png", "tea.png"],
  ["te\r\na\u202egnp.exe", "te a gnp.exe"],
  ["  ..tea.. ", "tea"],
  ["", "picture.png"],
  ["../", "picture.png"],
  ["茶の葉.png", "茶の葉.png"],
  [`${"a".repeat(300)}.png`, "a".repeat(120)],
])("%j is kept as %j", (given, kept) => {
  expect(cleanName(given, "image/png")).toBe(kept);
});

it("Whatever a file is called, its name is short, on one line and no path, and stands in a header", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 300 }), (given) => {
      const name = cleanName(given, "text/plain");
      expect(name).not.toMatch(/[/\\]|\p{C}|\p{Zl}/u);
      expect(name.length).toBeGreaterThan(0);
      expect(name.length).toBeLessThanOrEqual(120);
      const header = contentDisposition("attachment", name);
      expect(header).toMatch(/^attachment; filename="[^"\\]*"; filename\*=UTF-8''[A-Za-z0-9%!#$&+.^_`|~-]*$/);
      expect(decodeURIComponent(header.split("''")[1] ?? "")).toBe(name);
    }),
  );
});
