import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Message } from "#client/conversation-events.ts";
import { saidUpTo } from "#widget/sentences.ts";
import { Thread } from "#widget/thread.ts";

const message = (seq: number, over: Partial<Message> = {}): Message => ({
  id: `m-${seq}`,
  seq,
  parent_id: null,
  depth: seq,
  on_path: true,
  role: "user",
  message_type: "text",
  sender_id: "v",
  content: `text ${seq}`,
  parts: [],
  attachments: [],
  status: "complete",
  turn_id: null,
  model: null,
  usage: null,
  feedback: null,
  error: null,
  edited_at: null,
  created_at: "2026-01-01T00:00:00.000Z",
  updated_at: "2026-01-01T00:00:00.000Z",
  ...over,
});

describe("The messages of a widget", () => {
  it("stand once and in their order, however often and in whatever order they are told", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 60 }), (told) => {
        const thread = new Thread();
        for (const seq of told) thread.put(message(seq));
        const wanted = [...new Set(told)].sort((one, other) => one - other);
        expect(thread.lines.map(({ seq }) => seq)).toEqual(wanted);
      }),
    );
  });

  it("that are on their way stand last, and are one with what the platform has", () => {
    const thread = new Thread();
    thread.send("c-1", "Tea?");
    thread.put(message(1, { content: "Welcome", role: "assistant" }));
    expect(thread.lines.map(({ text }) => text)).toEqual(["Welcome", "Tea?"]);
    thread.put(message(2, { content: "Tea?" }), "c-1");
    expect(thread.lines.map(({ id, status }) => [id, status])).toEqual([
      ["m-1", "complete"],
      ["m-2", "complete"],
    ]);
  });

  it("that have ended are not begun again by what was read before", () => {
    const thread = new Thread();
    thread.put(message(1, { role: "assistant", content: "", status: "streaming" }));
    thread.change("m-1", { text: "Green tea.", status: "complete" });
    thread.put(message(1, { role: "assistant", content: "", status: "streaming" }));
    expect(thread.lines[0]).toMatchObject({ text: "Green tea.", status: "complete" });
  });

  it("that were emptied or hidden are shown no more", () => {
    const thread = new Thread();
    for (const seq of [1, 2, 3]) thread.put(message(seq));
    thread.put(message(2, { status: "hidden", content: "" }));
    thread.remove("m-3");
    expect(thread.lines.map(({ seq }) => seq)).toEqual([1]);
  });
});

describe("An answer is read out", () => {
  it.each([
    ["Tea is", 0],
    ["Tea is hot. It", 12],
    ["Tea is hot. It is 3.5 degrees", 12],
    ["One\nTwo", 4],
    ["Really?! Yes", 9],
  ])("%j up to where a sentence has ended", (text, end) => {
    expect(saidUpTo(text, 0)).toBe(end);
  });

  it("once, whatever pieces it comes in", () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[ab.!? \n]{0,6}$/)), (pieces) => {
        let [text, said, heard] = ["", 0, ""];
        for (const piece of pieces) {
          text += piece;
          const end = saidUpTo(text, said);
          heard += text.slice(said, end);
          said = end;
        }
        expect(text.startsWith(heard)).toBe(true);
      }),
    );
  });
});
