import { describe, expect, it } from "vitest";
import { boundedFetch } from "#src/http/bounded-fetch.ts";
import { AnthropicClient } from "#src/providers/anthropic/anthropic-client.ts";
import { knownModels } from "#src/providers/model-table.ts";
import { serpApi } from "#src/providers/serpapi/serpapi-client.ts";
import { decodePng } from "#src/providers/stability/decode-png.ts";
import { stability } from "#src/providers/stability/stability-client.ts";
import { asked, type CallCost } from "#src/providers/text-model.ts";
import { chooseUpstream } from "#src/providers/upstream.ts";
import { answer as sandbox } from "#workers/sandbox/answer.ts";
import { gradientPng } from "#workers/sandbox/stability/png.ts";
import { sandboxBinding } from "../../support/tasks.ts";

const { signal } = new AbortController();
const { fetcher } = sandboxBinding();
const development = { ENVIRONMENT: "development" } as const;
const choice = { key: undefined, url: undefined, defaultUrl: "https://api.example.com" };

const upstream = (path = "") => ({
  url: `https://sandbox.internal${path}`,
  key: "key",
  fetch: (input: RequestInfo | URL, init?: RequestInit) => sandbox(new Request(input, init)),
});

const textRequest = (words: string) => ({
  model: "claude-sonnet-5-5",
  maxTokens: 100,
  system: "You write.",
  messages: asked(`About tea ${words}`),
});

function generate(words: string, timeoutMs?: number) {
  const costs: CallCost[] = [];
  const client = new AnthropicClient(upstream(), { models: knownModels, timeoutMs });
  const onCost = (cost: CallCost) => void costs.push(cost);
  const work = client.generate(textRequest(words), { signal, idempotencyKey: words, onCost });
  return { work, costs };
}

describe("Every client gives up after its time, also on an answer that stops in the middle", () => {
  it.each(["#hang", "#stall"])("text: %s", async (mode) => {
    await expect(generate(mode, 50).work).rejects.toMatchObject({
      code: "AI_SERVICE_ERROR",
      timedOut: true,
      retryable: true,
    });
  });

  it.each(["#hang", "#stall"])("search: %s", async (mode) => {
    const query = { query: `tea ${mode}`, numResults: 3, type: "web" } as const;
    await expect(serpApi(upstream("/search"), 50).search(query, { signal })).rejects.toMatchObject({
      code: "EXTERNAL_SERVICE_ERROR",
      timedOut: true,
    });
  });

  it.each(["#hang", "#stall"])("image: %s", async (mode) => {
    const request = { prompt: `tea ${mode}`, aspectRatio: 1 };
    await expect(stability(upstream(), 50).draw(request, { signal })).rejects.toMatchObject({
      code: "EXTERNAL_SERVICE_ERROR",
      timedOut: true,
    });
  });
});

describe("Costs", () => {
  it("are told for a call that succeeds", async () => {
    const { work, costs } = generate("");
    await work;
    const [cost] = costs;
    expect(costs).toHaveLength(1);
    expect(cost?.costMicros).toBe(Math.round((cost?.tokensIn ?? 0) * 2 + (cost?.tokensOut ?? 0) * 10));
  });

  it("are told for one that breaks off after the model has begun", async () => {
    const { work, costs } = generate("#reset");
    await expect(work).rejects.toMatchObject({ retryable: true });
    expect(costs).toMatchObject([{ model: "claude-sonnet-5-5", tokensIn: expect.any(Number) }]);
  });

  it("are nothing for one that was refused at the door", async () => {
    const { work, costs } = generate("#529");
    await expect(work).rejects.toMatchObject({ retryable: true, message: "The AI service answered 529" });
    expect(costs).toEqual([]);
  });
});

describe("Answers are read within bounds", () => {
  const fetchOf = (body: string, headers: Record<string, string> = {}) =>
    boundedFetch(async () => new Response(body, { status: 203, headers }), 10);

  it("what fits passes unchanged, with status and headers", async () => {
    const response = await fetchOf("0123456789", { "x-a": "b" })("https://a.example/");
    expect([response.status, response.headers.get("x-a"), await response.text()]).toEqual([
      203,
      "b",
      "0123456789",
    ]);
  });

  it("what does not fit is an error", async () => {
    const response = await fetchOf("0123456789a")("https://a.example/");
    await expect(response.text()).rejects.toThrow("More than 10 bytes");
  });

  it("no redirect is followed", async () => {
    const seen: (string | undefined)[] = [];
    const fetch = boundedFetch(async (_, init) => {
      seen.push(init?.redirect);
      return new Response(null);
    }, 10);
    await fetch("https://a.example/", { redirect: "follow" });
    expect(seen).toEqual(["manual"]);
  });
});

describe("Pictures", () => {
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");
  const png = gradientPng(20, 10, 7);

  it("are decoded with their measures", () => {
    expect(decodePng(base64(png))).toMatchObject({ width: 20, height: 10 });
  });

  it.each([
    ["nothing", ""],
    ["no base64", "§§§§"],
    ["a JPEG", base64(Uint8Array.of(0xff, 0xd8, 0xff, ...new Uint8Array(100)))],
    ["half a PNG", base64(png.subarray(0, png.length - 20))],
    ["a signature alone", base64(png.subarray(0, 8))],
  ])("that are %s are refused", (_, text) => {
    expect(() => decodePng(text)).toThrow("The image service sent");
  });
});

describe("A provider is chosen by configuration", () => {
  it("a key means the real service", () => {
    expect(chooseUpstream({ ...choice, key: "k" }, development, fetcher)).toMatchObject({
      url: "https://api.example.com",
      key: "k",
    });
  });

  it("a URL means that server, with or without key", () => {
    expect(chooseUpstream({ ...choice, url: "http://here/" }, development, fetcher)).toMatchObject({
      url: "http://here/",
    });
  });

  it("neither means the sandbox in development", () => {
    expect(chooseUpstream({ ...choice, sandboxPath: "/search" }, development, fetcher)).toMatchObject({
      url: "https://sandbox.internal/search",
    });
  });

  it("and nothing in production, even with a sandbox bound, or where none is", () => {
    expect(chooseUpstream(choice, { ENVIRONMENT: "production" }, fetcher)).toBeUndefined();
    expect(chooseUpstream(choice, development, undefined)).toBeUndefined();
  });
});
