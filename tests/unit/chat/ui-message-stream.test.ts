import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type UiChunk, UiMessageStream } from "#src/chat/other-clients/ui-message-stream.ts";

/** The text parts that a reader of a stream has. */
function textsOf(chunks: readonly UiChunk[]): string[] {
  const texts = new Map<string, string>();
  for (const chunk of chunks)
    if (chunk.type === "text-delta") texts.set(chunk.id, (texts.get(chunk.id) ?? "") + chunk.delta);
  return [...texts.values()];
}

const types = (chunks: readonly UiChunk[]) => chunks.map(({ type }) => type);

describe("An answer as a UI message stream", () => {
  it("begins, is said, and ends", () => {
    const stream = new UiMessageStream("m");
    const chunks = [
      ...stream.begin(),
      ...stream.snapshot("Gre"),
      ...stream.delta(3, "en"),
      ...stream.end("Green", [], { status: "complete" }),
    ];
    expect(types(chunks)).toEqual([
      "start",
      "start-step",
      "text-start",
      "text-delta",
      "text-delta",
      "text-end",
      "finish-step",
      "finish",
    ]);
    expect(textsOf(chunks)).toEqual(["Green"]);
  });

  it("has what is missing at its end", () => {
    const stream = new UiMessageStream("m");
    expect(textsOf(stream.end("All of it", [], { status: "complete" }))).toEqual(["All of it"]);
  });

  it.each([
    { how: { status: "stopped" } as const, last: { type: "abort" } },
    {
      how: { status: "failed", error: "OUT_OF_FUEL" } as const,
      last: { type: "error", errorText: "OUT_OF_FUEL" },
    },
  ])("says that it was $how.status", ({ how, last }) => {
    expect(new UiMessageStream("m").end("", [], how)).toEqual([last]);
  });

  it("goes on where another attempt says the same, and is another part where it says something else", () => {
    const same = new UiMessageStream("m");
    const first = same.snapshot("Let me look");
    same.reset();
    const again = [...same.snapshot("Let me"), ...same.delta(6, " look it up")];
    expect(textsOf([...first, ...again])).toEqual(["Let me look it up"]);
    const other = new UiMessageStream("m");
    const chunks = [...other.snapshot("Blue")];
    other.reset();
    chunks.push(...other.snapshot("Green"), ...other.end("Green", [], { status: "complete" }));
    expect(textsOf(chunks)).toEqual(["Blue", "Green"]);
  });

  it("shows the calls of tools, with what came of them", () => {
    const chunks = new UiMessageStream("m").end(
      "Done",
      [
        { type: "tool_call", id: "c", name: "web_search", input: { query: "tea" } },
        { type: "tool_result", call_id: "c", output: ["Tea"], is_error: false },
        { type: "tool_result", call_id: "d", output: "No", is_error: true },
      ],
      { status: "complete" },
    );
    expect(types(chunks).filter((type) => type.startsWith("tool"))).toEqual([
      "tool-input-available",
      "tool-output-available",
      "tool-output-error",
    ]);
  });

  it("ends with the stored text, however it was cut, repeated and skipped", () => {
    const piece = fc.record({ from: fc.nat(30), length: fc.nat(10), isSnapshot: fc.boolean() });
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 30 }), fc.array(piece), (text, pieces) => {
        const stream = new UiMessageStream("m");
        const chunks = pieces.flatMap(({ from, length, isSnapshot }) =>
          isSnapshot
            ? stream.snapshot(text.slice(0, from))
            : stream.delta(from, text.slice(from, from + length)),
        );
        chunks.push(...stream.end(text, [], { status: "complete" }));
        expect(textsOf(chunks)).toEqual([text]);
      }),
    );
  });
});
