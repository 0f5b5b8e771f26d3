import Anthropic from "@anthropic-ai/sdk";
import { describe, expect, it } from "vitest";
import { answer as sandbox } from "#workers/sandbox/answer.ts";

/** The real SDK, as anybody's program would use it. */
const sdk = new Anthropic({
  apiKey: "any",
  baseURL: "https://sandbox.internal",
  maxRetries: 0,
  fetch: (input, init) => sandbox(new Request(input, init)),
});

const request = (text: string, changes: Partial<Anthropic.MessageCreateParamsNonStreaming> = {}) => ({
  model: "claude-haiku-4-5",
  max_tokens: 500,
  messages: [{ role: "user" as const, content: text }],
  ...changes,
});

const reviewTool = {
  name: "submit_review",
  input_schema: {
    type: "object" as const,
    properties: {
      review_passed: { type: "boolean" },
      score: { type: "number", minimum: 0, maximum: 10 },
      suggestions: { type: "array", items: { type: "string" } },
    },
    required: ["review_passed", "score", "suggestions"],
  },
};

describe("Messages", () => {
  it("are about the topic given, the same for the same prompt, and counted", async () => {
    const [first, second, other] = await Promise.all(
      ["Write about green tea", "Write about green tea", "Write about chess"].map((text) =>
        sdk.messages.create(request(text)),
      ),
    );
    expect(first?.content).toEqual([{ type: "text", text: expect.stringContaining("green tea") }]);
    expect(second?.content).toEqual(first?.content);
    expect(other?.content).not.toEqual(first?.content);
    expect(first?.usage.output_tokens).toBeGreaterThan(10);
  });

  it("name the sources in the prompt's data", async () => {
    const message = await sdk.messages.create(
      request('<data name="s">[{"title": "A history of tea"}]</data>\nWrite'),
    );
    expect(JSON.stringify(message.content)).toContain("A history of tea");
  });

  it("stream in several pieces that add up to the whole", async () => {
    const deltas: string[] = [];
    const stream = sdk.messages.stream(request("Write about tea")).on("text", (delta) => deltas.push(delta));
    const message = await stream.finalMessage();
    expect(deltas.length).toBeGreaterThan(3);
    expect(message.content).toEqual([{ type: "text", text: deltas.join("") }]);
    const whole = await sdk.messages.create(request("Write about tea"));
    expect(message.content).toEqual(whole.content);
  });

  it.each([true, false])("use the tool that is offered, streamed: %s", async (streamed) => {
    const asked = request("Review: Tea is a drink.", {
      tools: [reviewTool],
      tool_choice: { type: "auto", disable_parallel_tool_use: true },
    });
    const message = streamed
      ? await sdk.messages.stream(asked).finalMessage()
      : await sdk.messages.create(asked);
    expect(message.stop_reason).toBe("tool_use");
    expect(message.content).toEqual([
      expect.objectContaining({
        type: "tool_use",
        name: "submit_review",
        input: { review_passed: true, score: expect.any(Number), suggestions: expect.any(Array) },
      }),
    ]);
  });

  it("of models that think begin with a thought", async () => {
    const { content } = await sdk.messages.create(request("About tea", { model: "claude-opus-5-5" }));
    expect(content.map(({ type }) => type)).toEqual(["thinking", "text"]);
  });
});

describe("Errors have the wire form of the real service", () => {
  it.each([
    ["#fail", Anthropic.InternalServerError, 500, "api_error"],
    ["#529", Anthropic.InternalServerError, 529, "overloaded_error"],
    ["#429-long", Anthropic.RateLimitError, 429, "rate_limit_error"],
  ])("%s", async (mode, type, status, name) => {
    const error = await sdk.messages.create(request(`Tea ${mode}`)).catch((caught) => caught);
    expect(error).toBeInstanceOf(type);
    expect(error).toMatchObject({ status, error: { type: "error", error: { type: name } } });
  });

  it("#429 strikes the first call of each idempotency key and says when to come back", async () => {
    const call = (key: string) =>
      sdk.messages.create(request("Tea #429"), { headers: { "idempotency-key": key } });
    const error = await call("one").catch((caught) => caught);
    expect(error.headers.get("retry-after")).toBe("1");
    expect((await call("one")).stop_reason).toBe("end_turn");
    await expect(call("two")).rejects.toThrow("429");
  });

  it("modes are switched by header and by model name as well", async () => {
    const headers = { "x-sandbox-mode": "529" };
    await expect(sdk.messages.create(request("Tea"), { headers })).rejects.toThrow("529");
    const model = "claude-haiku-4-5-sandbox-fail";
    await expect(sdk.messages.create(request("Tea", { model }))).rejects.toThrow("500");
  });

  it("a word that only begins like a mode is none", async () => {
    const message = await sdk.messages.create(request("Tea #failure and #slowly"));
    expect(message.stop_reason).toBe("end_turn");
  });

  const refused: [string, Partial<Anthropic.MessageCreateParamsNonStreaming>][] = [
    ["temperature", { max_tokens: 500, ...{ temperature: 0.5 } }],
    ["forced tool use", { tools: [reviewTool], tool_choice: { type: "tool", name: "submit_review" } }],
    ["thinking switched off", { thinking: { type: "disabled" } }],
  ];

  it.each(refused)("what current models refuse is refused: %s", async (_, changes) => {
    const modern = request("Tea", { model: "claude-sonnet-5-5", ...changes });
    await expect(sdk.messages.create(modern)).rejects.toThrow("400");
    const older = request("Tea", changes);
    await expect(sdk.messages.create(older)).resolves.toBeDefined();
  });

  it.each([
    ["an unknown model", { model: "gpt-4" }, 404],
    ["no messages", { messages: [] }, 400],
    ["no tokens", { max_tokens: 0 }, 400],
  ])("%s", async (_, changes, status) => {
    await expect(sdk.messages.create(request("Tea", changes))).rejects.toMatchObject({ status });
  });

  it("a call without key is not let in", async () => {
    const init = { method: "POST", body: "{}" };
    const response = await sandbox(new Request("https://sandbox.internal/v1/messages", init));
    expect(response.status).toBe(401);
  });
});
