import { beforeEach, describe, expect, it } from "vitest";
import { gradientPng } from "#workers/sandbox/stability/png.ts";
import { closeBreakers } from "../support/breakers.ts";
import { oneStep } from "../support/one-step.ts";
import { json, messageEvents, refusing, scripted, streamed } from "../support/scripted-upstream.ts";

beforeEach(closeBreakers);

const text = "Herons stand still.";

describe("Usage that is none costs no text, and is estimated", () => {
  it.each([
    ["negative", { input_tokens: -5, output_tokens: 1 }, { output_tokens: -7 }],
    ["huge", { input_tokens: 1e300, output_tokens: 1 }, { output_tokens: 9e15 }],
    ["fractional", { input_tokens: 9.5, output_tokens: 1 }, { output_tokens: 5.25 }],
    ["textual", { input_tokens: "many", output_tokens: 1 }, { output_tokens: "5" }],
    ["null", { input_tokens: null }, { output_tokens: null }],
    ["a list", [], ["5"]],
    ["no object", 7, "five"],
    ["missing in the end", { input_tokens: 9, output_tokens: 1 }, undefined],
    ["missing in the beginning", undefined, { output_tokens: 5 }],
    ["missing altogether", undefined, undefined],
    ["of the cache and negative", { input_tokens: 9, cache_read_input_tokens: -1e9 }, { output_tokens: 5 }],
  ])("%s", async (_, begun, ended) => {
    const asked = scripted(streamed(messageEvents(text, { begun, ended })));
    const { run, result } = await oneStep("ai_text_generate", asked);
    expect(run).toMatchObject({ status: "completed", fuel: { reserved: 0, spent: 10 } });
    expect(run.steps[0]?.output).toMatchObject({ text });
    const tokens = run.steps[0]?.tokens;
    expect(tokens?.estimated).toBe(true);
    for (const count of [tokens?.input ?? -1, tokens?.output ?? -1]) {
      expect(count).toBeGreaterThan(0);
      expect(count).toBeLessThan(20_000);
    }
    expect(asked.calls).toHaveLength(1);
    expect(result.explicitAcks).toHaveLength(1);
  });

  it("as it should be, it is taken as it is", async () => {
    const { run } = await oneStep("ai_text_generate", scripted(streamed(messageEvents(text))));
    expect(run.steps[0]?.tokens).toEqual({ input: 9, output: 5 });
  });
});

describe("What is all there counts, whatever becomes of its connection", () => {
  const endings = ["hanging", "reset"] as const;
  const pictures = () => {
    const base64 = Buffer.from(gradientPng(8, 8, 1)).toString("base64");
    return JSON.stringify({ artifacts: [{ base64, seed: 3, finishReason: "SUCCESS" }] });
  };
  const found = '{"organic_results":[{"title":"A \\"}\\\\","link":"https://a.example/","snippet":"]"}]}';

  it.each(endings)("a text: %s", async (ending) => {
    const asked = scripted(streamed(messageEvents(text), ending));
    const { run } = await oneStep("ai_text_generate", asked);
    expect(run.steps[0]?.output).toMatchObject({ text, stop_reason: "end_turn" });
    expect(asked.calls).toHaveLength(1);
  });

  it("a text whose last event is missing", async () => {
    const asked = scripted(streamed(messageEvents(text).toSpliced(-1), "reset"));
    const { run } = await oneStep("ai_text_generate", asked);
    expect(run.steps[0]?.output).toMatchObject({ text });
    expect(asked.calls).toHaveLength(1);
  });

  it.each(endings)("a search: %s", async (ending) => {
    const asked = scripted(json(found, ending));
    const { run } = await oneStep("web_search", asked);
    expect(run.steps[0]?.output).toMatchObject({ results: [{ title: 'A "}\\', snippet: "]" }] });
    expect(asked.calls).toHaveLength(1);
  });

  it.each(endings)("a picture: %s", async (ending) => {
    const asked = scripted(json(pictures(), ending));
    const { run } = await oneStep("ai_image_generate", asked);
    expect(run.steps[0]?.output).toMatchObject({ seed: 3 });
    expect(asked.calls).toHaveLength(1);
  });

  it.each(["closed", "reset"] as const)("but half a text is no text: %s", async (ending) => {
    const asked = scripted(streamed(messageEvents(text).slice(0, 3), ending), streamed(messageEvents(text)));
    const { run } = await oneStep("ai_text_generate", asked);
    expect(asked.calls).toHaveLength(2);
    expect(run.steps[0]?.output).toMatchObject({ text });
  });
});

describe("An error event in mid-stream keeps its kind", () => {
  const error = (type: string) => ({ type: "error", error: { type, message: "No" } });
  const half = messageEvents(text).slice(0, 3);

  it.each([
    ["invalid_request_error", 1],
    ["authentication_error", 1],
    ["permission_error", 1],
    ["request_too_large", 1],
    ["rate_limit_error", 3],
    ["overloaded_error", 3],
    ["api_error", 3],
    ["some_new_error", 3],
  ])("%s is asked %i times", async (type, times) => {
    const asked = scripted(streamed([...half, error(type)]));
    const { run } = await oneStep("ai_text_generate", asked);
    expect(run).toMatchObject({ status: "failed", error: { code: "AI_SERVICE_ERROR" } });
    expect(asked.calls).toHaveLength(times);
  });
});

describe("An answer without a text is a failure", () => {
  const withContent = (...blocks: object[]) => [
    ...messageEvents("").slice(0, 1),
    ...blocks.map((content_block, index) => ({ type: "content_block_start", index, content_block })),
    ...messageEvents("").slice(-2),
  ];
  const tool = { type: "tool_use", id: "t", name: "send_mail", input: {} };

  it.each([
    ["a tool that was not offered", withContent(tool)],
    ["such a tool behind a text", withContent({ type: "text", text }, tool)],
    ["an empty text", messageEvents("")],
    ["blanks", messageEvents(" \n\u200b ")],
    ["thoughts only", withContent({ type: "thinking", thinking: "Hm." })],
    ["a web page", []],
  ])("%s", async (_, events) => {
    const { run } = await oneStep("ai_text_generate", scripted(streamed(events)));
    expect(run).toMatchObject({
      status: "failed",
      error: { code: "AI_SERVICE_ERROR" },
      fuel: { reserved: 0, spent: 0 },
    });
  });
});

describe("A search loses only what is broken", () => {
  const entry = { title: "Herons", link: "https://a.example/", snippet: "They fish." };

  it.each([
    ["entries", { organic_results: [null, 7, "x", entry, { link: null }] }, 1],
    ["fields", { organic_results: [{ ...entry, title: null, snippet: 3, date: 4 }] }, 1],
    ["a list that is null", { organic_results: null }, 0],
    ["a list that is none", { organic_results: "none" }, 0],
    ["an error that is null", { error: null, organic_results: [entry] }, 1],
    ["an error that is empty", { error: "", organic_results: [entry] }, 1],
  ])("%s", async (_, answer, total) => {
    const { run } = await oneStep("web_search", scripted(json(JSON.stringify(answer))));
    expect(run).toMatchObject({ status: "completed" });
    expect(run.steps[0]?.output).toMatchObject({ total });
  });

  it.each([["No credit left"], [{ message: "No" }]])("but an error is one: %j", async (error) => {
    const { run } = await oneStep("web_search", scripted(json(JSON.stringify({ error }))));
    expect(run).toMatchObject({ status: "failed", error: { code: "EXTERNAL_SERVICE_ERROR" } });
  });
});

describe("A picture", () => {
  const png = gradientPng(8, 8, 1);
  const artifact = (bytes: Uint8Array, more: object = {}) =>
    json(
      JSON.stringify({ artifacts: [{ base64: Buffer.from(bytes).toString("base64"), seed: 7, ...more }] }),
    );
  const changed = (at: number, value: number) => png.map((byte, index) => (index === at ? value : byte));

  it.each([
    ["a wrong checksum", changed(png.length - 20, 0xaa)],
    ["another width than its checksum says", changed(19, 9)],
    ["no size", gradientPng(0, 0, 1)],
    ["no end", png.subarray(0, png.length - 12)],
  ])("with %s is refused", async (_, bytes) => {
    const asked = scripted(artifact(bytes));
    const { run } = await oneStep("ai_image_generate", asked);
    expect(run).toMatchObject({ status: "failed", error: { code: "EXTERNAL_SERVICE_ERROR" } });
    expect(asked.calls).toHaveLength(3);
  });

  it.each([
    ["in lines", { base64: Buffer.from(png).toString("base64").replaceAll(/.{60}/g, "$&\r\n") }, 7],
    ["with its seed as text", { seed: "4294967295" }, 4_294_967_295],
    ["with a seed that is none", { seed: -1 }, 0],
    ["without a seed", { seed: null }, 0],
    ["without a reason to end", { finishReason: null }, 7],
  ])("%s is taken", async (_, more, seed) => {
    const { run } = await oneStep("ai_image_generate", scripted(artifact(png, more)));
    expect(run.steps[0]?.output).toMatchObject({ seed });
  });
});

describe("Retry-After is never cut short", () => {
  const busy = (retryAfter: string) => refusing(429, {}, { "retry-after": retryAfter });

  it.each(["3600", "1e300", "1e999", "Fri, 31 Dec 9999 23:59:59 GMT"])(
    "%s is more than the task has: it fails, saying so, after one call",
    async (retryAfter) => {
      const asked = scripted(busy(retryAfter));
      const { run } = await oneStep("web_search", asked);
      expect(run).toMatchObject({ status: "failed", error: { code: "UPSTREAM_UNAVAILABLE" } });
      expect(asked.calls).toHaveLength(1);
    },
  );

  it("an hour is waited for where the step has more", async () => {
    const asked = scripted(busy("3600"));
    const { run, again, view } = await oneStep("web_search", asked, { step: { timeout_seconds: 7200 } });
    expect(run.status).toBe("running");
    expect(asked.calls).toHaveLength(1);
    await again();
    expect((await view()).status).toBe("running");
  });

  it("in a step that is tried again, the next attempt waits as long", async () => {
    const asked = scripted(busy("10"));
    const step = { timeout_seconds: 2, retry: { max_attempts: 2, backoff_seconds: 0.1 } };
    const { run, again, view } = await oneStep("web_search", asked, { step });
    expect(run.status).toBe("failed");
    await again(2);
    expect((await view()).status).toBe("failed");
    expect(asked.calls).toHaveLength(1);
  });
});
