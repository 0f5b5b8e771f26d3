import { inflateSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { answer as sandbox } from "#workers/sandbox/answer.ts";

const origin = "https://sandbox.internal";

async function draw(body: Record<string, unknown>) {
  const response = await sandbox(
    new Request(`${origin}/v1/generation/sdxl/text-to-image`, {
      method: "POST",
      headers: { authorization: "Bearer any" },
      body: JSON.stringify({ text_prompts: [{ text: "tea" }], ...body }),
    }),
  );
  const answer = z
    .object({
      artifacts: z.tuple([z.object({ base64: z.string(), seed: z.number(), finishReason: z.string() })]),
    })
    .parse(await response.json());
  const [artifact] = answer.artifacts;
  return { ...artifact, png: Buffer.from(artifact.base64, "base64") };
}

describe("Stability", () => {
  it("gives a PNG whose pixels are all there, of the shape asked for", async () => {
    const { png, finishReason } = await draw({ width: 1344, height: 768 });
    expect(finishReason).toBe("SUCCESS");
    const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
    expect(width / height).toBeCloseTo(1344 / 768);
    const at = png.indexOf("IDAT");
    const rows = inflateSync(png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4)));
    expect(rows).toHaveLength(height * (1 + 3 * width));
    expect(new Set(rows).size).toBeGreaterThan(50);
  });

  it("is the same for the same seed, prompt and style, and else another", async () => {
    const first = await draw({ seed: 7 });
    expect((await draw({ seed: 7 })).base64).toBe(first.base64);
    expect((await draw({ seed: 8 })).base64).not.toBe(first.base64);
    expect((await draw({ seed: 7, style_preset: "anime" })).base64).not.toBe(first.base64);
    expect((await draw({})).seed).toBe((await draw({})).seed);
  });
});

describe("SerpAPI", () => {
  const search = async (parameters: Record<string, string>) => {
    const query = new URLSearchParams({ api_key: "any", ...parameters });
    const response = await sandbox(new Request(`${origin}/search?${query}`));
    return { status: response.status, answer: Object(await response.json()) };
  };

  it("gives as many results as asked for, about the query", async () => {
    const { answer } = await search({ q: "tea", num: "4" });
    expect(answer.organic_results).toHaveLength(4);
    expect(answer.organic_results[0]).toMatchObject({ title: expect.stringContaining("tea"), position: 1 });
  });

  it.each([
    ["nws", "news_results"],
    ["isch", "images_results"],
  ])("has its results of %s in %s", async (tbm, field) => {
    expect((await search({ q: "tea", tbm })).answer[field].length).toBeGreaterThan(0);
  });

  it("says so when there is nothing, with status 200", async () => {
    const { status, answer } = await search({ q: "tea #empty" });
    expect([status, answer.error]).toEqual([200, expect.stringContaining("hasn't returned any results")]);
  });

  it("wants a query and a key", async () => {
    expect((await search({ q: "" })).status).toBe(400);
    expect((await search({ q: "tea", api_key: "" })).status).toBe(401);
  });
});

it("Anything else is not found", async () => {
  expect((await sandbox(new Request(`${origin}/v1/other`))).status).toBe(404);
});
