import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { closeBreakers } from "../../support/breakers.ts";
import { plan } from "../../support/plans.ts";
import { deliver, sandboxBinding, startedTask } from "../../support/tasks.ts";

let tenants = 0;

async function adapt(action: string, input: Record<string, unknown>) {
  const clientId = `adapt_${tenants++}`;
  const { view, envelope, correlationId } = await startedTask(
    clientId,
    plan("work", { work: { action, input } }),
  );
  const asked = sandboxBinding();
  await deliver("adapters", [envelope("work")], asked);
  const run = await view();
  const sent = asked.bodies.map((body) => (body === "" ? undefined : JSON.parse(body)));
  return { ...asked, sent, run, output: Object(run.steps[0]?.output), clientId, correlationId };
}

beforeEach(closeBreakers);

describe("Web search", () => {
  it("gives ten results unless asked for another number", async () => {
    const { output } = await adapt("web_search", { query: "tea" });
    expect(output).toMatchObject({ query: "tea", total: 10 });
    expect(output.results[0]).toEqual({
      title: expect.stringContaining("tea"),
      url: expect.stringMatching(/^https:/),
      snippet: expect.any(String),
    });
    expect((await adapt("web_search", { query: "tea", num_results: 3 })).output.results).toHaveLength(3);
  });

  it("of news says when they were published, of images where they are", async () => {
    const news = await adapt("web_search", { query: "tea", search_type: "news" });
    expect(news.output.results[0]).toMatchObject({ published_at: "1 days ago" });
    const images = await adapt("web_search", { query: "tea", search_type: "images" });
    expect(images.output.results[0].url).toMatch(/\.jpg$/);
  });

  it("that finds nothing is a result, not an error", async () => {
    const { run, output } = await adapt("web_search", { query: "tea #empty" });
    expect(run.status).toBe("completed");
    expect(output).toEqual({ query: "tea #empty", results: [], total: 0 });
  });

  it.each([
    ["an unknown type", { query: "tea", search_type: "videos" }],
    ["too many results", { query: "tea", num_results: 1000 }],
    ["a query that is a list", { query: ["tea"] }],
  ])("refuses %s without a call", async (_, input) => {
    const { run, calls } = await adapt("web_search", input);
    expect(run.error).toMatchObject({ code: "VALIDATION_ERROR" });
    expect(calls).toEqual([]);
  });
});

describe("Image generation", () => {
  it.each([
    ["16:9", 1344, 768],
    ["1:1", 1024, 1024],
    ["9:16", 768, 1344],
    ["5:4", 1152, 896],
    ["2.39:1", 1536, 640],
  ])("aspect ratio %s asks for %i × %i", async (aspect_ratio, width, height) => {
    const { sent } = await adapt("ai_image_generate", { prompt: "tea", aspect_ratio });
    expect(sent).toMatchObject([{ width, height, samples: 1, steps: 30, cfg_scale: 7 }]);
  });

  it("maps a style's name to its preset and says other styles in words", async () => {
    const preset = await adapt("ai_image_generate", { prompt: "tea", style: "Digital art" });
    expect(preset.sent).toMatchObject([{ style_preset: "digital-art", text_prompts: [{ text: "tea" }] }]);
    const words = await adapt("ai_image_generate", { prompt: "tea", style: "Dutch master" });
    expect(words.sent).toMatchObject([{ text_prompts: [{ text: "tea, Dutch master style" }] }]);
  });

  it("stores a PNG with its metadata and gives its address and seed", async () => {
    const input = { prompt: "Tee für zwei — 茶", seed: 42, aspect_ratio: "16:9", negative_prompt: "text" };
    const { output, clientId, correlationId, sent } = await adapt("ai_image_generate", input);
    const key = `images/${clientId}/${correlationId}/${correlationId}.work.main.png`;
    expect(output).toEqual({ image_uri: `/api/v1/${key}`, prompt: input.prompt, seed: 42 });
    const stored = await env.BLOBS.get(key);
    expect(stored?.httpMetadata?.contentType).toBe("image/png");
    expect(stored?.customMetadata).toMatchObject({
      seed: "42",
      user_id: "user-1",
      width: "336",
      height: "192",
    });
    expect(decodeURIComponent(stored?.customMetadata?.prompt ?? "")).toBe(input.prompt);
    expect(sent).toMatchObject([{ text_prompts: [{ weight: 1 }, { text: "text", weight: -1 }] }]);
  });

  it.each([
    ["no prompt", {}],
    ["an aspect ratio that is none", { prompt: "tea", aspect_ratio: "wide" }],
    ["an unknown preset", { prompt: "tea", style_preset: "vaporwave" }],
    ["a seed below zero", { prompt: "tea", seed: -1 }],
  ])("refuses %s without a call", async (_, input) => {
    const { run, calls } = await adapt("ai_image_generate", { ...input, width: 100 });
    expect(run.error).toMatchObject({ code: "VALIDATION_ERROR" });
    expect(calls).toEqual([]);
  });
});
