import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { closeBreakers } from "../support/breakers.ts";
import { oneStep } from "../support/one-step.ts";
import { json, messageEvents, refusing, scripted, streamed } from "../support/scripted-upstream.ts";

const key = "sk-ant-api03-Quagga77Zebra";
const settings = {
  ANTHROPIC_API_KEY: key,
  ANTHROPIC_BASE_URL: "https://sandbox.internal",
  SERP_API_KEY: key,
  SERP_API_URL: "https://sandbox.internal/search",
  STABILITY_API_KEY: key,
  STABILITY_API_URL: "https://sandbox.internal",
};
/** The key, pieces of it, and the run's own words, as a provider may repeat them. */
const telling = /quagga|zebra|api03|azure|heron|confidential/i;
const echo = `Bad key ${key} (Quagga77…) for "About the azure heron": "Confidential" is not allowed at messages.0.content`;

let lines: string[] = [];

beforeEach(async () => {
  await closeBreakers();
  lines = [];
  for (const level of ["debug", "info", "warn", "error", "log"] as const) {
    vi.spyOn(console, level).mockImplementation((...parts) => void lines.push(parts.map(String).join(" ")));
  }
});
afterEach(() => vi.restoreAllMocks());

const error = { type: "error", error: { type: "invalid_request_error", message: echo } };
const begun = messageEvents("Herons").slice(0, 3);
const id = { "request-id": "req_011CSHoEeqs5C35K2UUqR7Fy" };

it.each([
  ["Anthropic's 401", "ai_text_generate", refusing(401, error, id)],
  ["Anthropic's 400", "ai_text_generate", refusing(400, error, id)],
  ["Anthropic's 500 as a page", "ai_text_generate", () => new Response(`<b>${echo}</b>`, { status: 500 })],
  ["an error event", "ai_text_generate", streamed([...begun, error])],
  [
    "an error event of a kind that repeats",
    "ai_text_generate",
    streamed([...begun, { ...error, error: { type: echo } }]),
  ],
  [
    "an event that is no JSON",
    "ai_text_generate",
    () => new Response(`event: message_start\ndata: {${echo}\n\n`),
  ],
  [
    "an event of the wrong form",
    "ai_text_generate",
    streamed([{ type: "content_block_delta", index: 0, delta: { text: { echo } } }]),
  ],
  ["a request id that repeats the key", "ai_text_generate", refusing(400, error, { "request-id": key })],
  ["SerpAPI's error", "web_search", json(JSON.stringify({ error: echo }))],
  ["SerpAPI's 401", "web_search", refusing(401, { error: echo })],
  ["a search that is no JSON", "web_search", json(`{${echo}`)],
  ["Stability's 400", "ai_image_generate", refusing(400, { message: echo })],
  [
    "a call that breaks with the address",
    "web_search",
    () =>
      Promise.reject(new TypeError(`Cannot load https://serpapi.com/search?q=azure+heron&api_key=${key}`)),
  ],
] as const)("%s tells the log neither our key nor the run's own words", async (_, action, answer) => {
  const asked = scripted(answer);
  const real = globalThis.fetch;
  globalThis.fetch = (input, init) => asked.fetcher.fetch(input, init);
  try {
    const input = { about: "Confidential" };
    const { run } = await oneStep(action, asked, { settings, input });
    expect(run.status).toBe("failed");
    expect(JSON.stringify(run.error)).not.toMatch(telling);
  } finally {
    globalThis.fetch = real;
  }
  expect(asked.calls.length).toBeGreaterThan(0);
  expect(lines.some((line) => line.includes("task failed"))).toBe(true);
  expect(lines.filter((line) => telling.test(line))).toEqual([]);
});

it("The log has our code, the status, the provider's request id, and what is left of its words", async () => {
  const message = "max_tokens: must be at most 64000, azure";
  const answer = refusing(400, { type: "error", error: { type: "invalid_request_error", message } }, id);
  await oneStep("ai_text_generate", scripted(answer));
  const line = lines.find((text) => text.includes("task failed")) ?? "{}";
  expect(JSON.parse(line)).toMatchObject({
    code: "AI_SERVICE_ERROR",
    provider_status: 400,
    provider_request_id: id["request-id"],
    provider_words: expect.stringContaining("max_tokens: must be at most 64000, […]"),
  });
});
