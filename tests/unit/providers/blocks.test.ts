import { describe, expect, it } from "vitest";
import { AnthropicClient } from "#src/providers/anthropic/anthropic-client.ts";
import { knownModels } from "#src/providers/model-table.ts";
import type { GenerationRequest, PromptMessage } from "#src/providers/text-model.ts";

const frame = (event: { type: string }): string => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;

/** An answer as its API streams it: each block with the pieces that it comes in. */
const streamed = (...blocks: { start: object; deltas: object[] }[]): string =>
  [
    { type: "message_start", message: { usage: { input_tokens: 1, output_tokens: 1 } } },
    ...blocks.flatMap(({ start, deltas }, index) => [
      { type: "content_block_start", index, content_block: start },
      ...deltas.map((delta) => ({ type: "content_block_delta", index, delta })),
      { type: "content_block_stop", index },
    ]),
    { type: "message_delta", delta: { stop_reason: "tool_use" }, usage: { output_tokens: 9 } },
    { type: "message_stop" },
  ]
    .map(frame)
    .join("");

/** A client of a server that answers with the one stream whatever it is asked; shows what it was asked. */
function clientOf(stream: string) {
  const bodies: unknown[] = [];
  const upstream = {
    url: "https://upstream.test",
    key: "key",
    fetch: async (input: RequestInfo | URL, init?: RequestInit) => {
      bodies.push(await new Request(input, init).json());
      return new Response(stream, { headers: { "content-type": "text/event-stream" } });
    },
  };
  const client = new AnthropicClient(upstream, { models: knownModels });
  const { signal } = new AbortController();
  const ask = (messages: PromptMessage[], more: Partial<GenerationRequest> = {}) =>
    client.generate(
      { model: "claude-sonnet-5-5", maxTokens: 100, system: "You write.", messages, ...more },
      { signal, idempotencyKey: "key", onCost: () => undefined },
    );
  return { bodies, ask };
}

const offered = (name: string) => ({ name, description: "Looks", inputSchema: { type: "object" } });
const question: PromptMessage = { role: "user", texts: ["About tea"] };
const thought = { type: "thinking", thinking: "Tea, hm: 水 and leaves", signature: "EqQBCgIYAhIM+/=" };
const hidden = { type: "redacted_thinking", data: "EmwKAhgBEgy3va3pzix/LafPsn4a" };
const thinking = [
  {
    start: { type: "thinking", thinking: "", signature: "" },
    deltas: [
      { type: "thinking_delta", thinking: "Tea, hm: " },
      { type: "thinking_delta", thinking: "水 and leaves" },
      { type: "signature_delta", signature: "EqQBCgIY" },
      { type: "signature_delta", signature: "AhIM+/=" },
    ],
  },
  { start: hidden, deltas: [] },
];
const call = (id: string, ...json: string[]) => ({
  start: { type: "tool_use", id, name: "look_up", input: {} },
  deltas: json.map((partial_json) => ({ type: "input_json_delta", partial_json })),
});

describe("An answer with calls of tools", () => {
  it("gives each call with its arguments, put together from their pieces, and the text beside them", async () => {
    const text = { start: { type: "text", text: "" }, deltas: [{ type: "text_delta", text: "I look." }] };
    const { ask } = clientOf(streamed(...thinking, text, call("a", '{"query"', ':"tea"}'), call("b")));
    const answer = await ask([question], { tools: [offered("look_up")] });
    expect(answer).toMatchObject({
      text: "I look.",
      calls: [
        { id: "a", name: "look_up", input: { query: "tea" } },
        { id: "b", name: "look_up", input: {} },
      ],
    });
  });

  it("goes back to the provider as it was, thoughts and their signatures byte for byte, and its results after it", async () => {
    const { ask, bodies } = clientOf(streamed(...thinking, call("a", '{"query":"tea"}')));
    const { blocks } = await ask([question], { tools: [offered("look_up")] });
    // What is kept in between is JSON.
    const kept = JSON.parse(JSON.stringify(blocks));
    await ask(
      [
        question,
        { role: "assistant", blocks: kept },
        { role: "user", answers: [{ callId: "a", text: "Nothing", isError: true }] },
      ],
      { tools: [offered("look_up")] },
    );
    expect(bodies[1]).toMatchObject({
      messages: [
        { role: "user" },
        {
          role: "assistant",
          content: [thought, hidden, { type: "tool_use", id: "a", name: "look_up", input: { query: "tea" } }],
        },
        {
          role: "user",
          content: [{ type: "tool_result", tool_use_id: "a", content: "Nothing", is_error: true }],
        },
      ],
    });
  });

  it("has arguments that were cut off as they were written, and goes back with none", async () => {
    const { ask, bodies } = clientOf(streamed(call("a", '{"query":"te')));
    const { blocks, calls } = await ask([question], { tools: [offered("look_up")] });
    expect(calls).toEqual([{ id: "a", name: "look_up", input: '{"query":"te' }]);
    await ask(
      [
        question,
        { role: "assistant", blocks },
        { role: "user", answers: [{ callId: "a", text: "No", isError: true }] },
      ],
      { tools: [offered("look_up")] },
    );
    expect(bodies[1]).toMatchObject({ messages: [{}, { content: [{ input: {} }] }, {}] });
  });

  it("may call what there is not, unless it was to hand something in with one tool", async () => {
    const { ask } = clientOf(streamed(call("a", "{}")));
    const answer = await ask([question], { tools: [offered("another")] });
    expect(answer.calls.map(({ name }) => name)).toEqual(["look_up"]);
    await expect(ask([question], { tools: [offered("another")], calls: "one" })).rejects.toMatchObject({
      message: "The model called a tool that it was not given",
    });
  });

  it("may be asked for without any call, the tools still being told", async () => {
    const { ask, bodies } = clientOf(streamed(call("a", "{}")));
    await ask([question], { tools: [offered("look_up")], calls: "none" });
    expect(bodies[0]).toMatchObject({ tool_choice: { type: "none" }, tools: [{ name: "look_up" }] });
  });
});
