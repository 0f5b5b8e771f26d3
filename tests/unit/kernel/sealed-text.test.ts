import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { newSealKey, openText, sealText } from "#src/kernel/sealed-text.ts";

const sealed = async (key: string, text = "Correct-Horse-9") =>
  Uint8Array.from(await sealText(key, "here", text));

describe("A sealed text", () => {
  it("opens with its key where it lies", () =>
    fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary" }), async (text) => {
        const key = newSealKey();
        expect(await openText(key, "here", (await sealed(key, text)).buffer)).toBe(text);
      }),
    ));

  it("opens with no other key", async () => {
    await expect(openText(newSealKey(), "here", (await sealed(newSealKey())).buffer)).rejects.toThrow();
  });

  it("opens in no other place", async () => {
    const key = newSealKey();
    await expect(openText(key, "there", (await sealed(key)).buffer)).rejects.toThrow();
  });

  it.each([0, 12, -1])("does not open when its byte %i was changed", async (at) => {
    const key = newSealKey();
    const bytes = await sealed(key);
    await expect(openText(key, "here", bytes.with(at, (bytes.at(at) ?? 0) ^ 1).buffer)).rejects.toThrow();
  });

  it("does not open when it was cut short", async () => {
    const key = newSealKey();
    await expect(openText(key, "here", (await sealed(key)).slice(0, -1).buffer)).rejects.toThrow();
  });

  it("is another each time", async () => {
    const key = newSealKey();
    expect(await sealed(key)).not.toEqual(await sealed(key));
  });
});
