import fc from "fast-check";
import { expect, it } from "vitest";
import { preferredLanguage } from "#src/http/preferred-language.ts";

it.each([
  ["de-AT,de;q=0.9,en;q=0.8", "de"],
  ["en;q=0.5, fr;q=0.9", "fr"],
  ["FR", "fr"],
  ["*", undefined],
  ["en;q=0, it", "it"],
  ["<script>", undefined],
  ["", undefined],
  [undefined, undefined],
])("Of %j the language is %j", (header, language) => {
  expect(preferredLanguage(header)).toBe(language);
});

it("Whatever a header says, it is a language or none", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 400 }), (header) => {
      expect(preferredLanguage(header) ?? "en").toMatch(/^[a-z]{2,3}$/);
    }),
  );
});
