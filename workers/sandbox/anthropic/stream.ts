import { brokenOff } from "../disturbed-answer.ts";
import type { Message } from "./message.ts";

/** Pieces of a text, each a few words long. */
const pieces = (text: string): string[] => text.match(/(?:\S+\s*){1,6}/g) ?? [text];

const halves = (text: string): string[] => {
  const middle = Math.ceil(text.length / 2);
  return [text.slice(0, middle), text.slice(middle)];
};

type Ending = "closed" | "reset" | "hanging" | "interrupted";

const overloaded = { type: "error", error: { type: "overloaded_error", message: "Overloaded" } };

const frame = (event: { type: string }): string => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;

/** The message as Anthropic's server-sent events; with an ending, it stops in mid-text. */
export function streamMessage(
  { content, usage, stop_reason, ...message }: Message,
  ending: Ending | undefined,
): Response {
  const events = [
    {
      type: "message_start",
      message: { ...message, content: [], stop_reason: null, usage: { ...usage, output_tokens: 1 } },
    },
    { type: "ping" },
    ...content.flatMap((block, index) => {
      const { start, deltas } = partsOf(block);
      return [
        { type: "content_block_start", index, content_block: start },
        ...deltas.map((delta) => ({ type: "content_block_delta", index, delta })),
        { type: "content_block_stop", index },
      ];
    }),
    {
      type: "message_delta",
      delta: { stop_reason, stop_sequence: null },
      usage: { output_tokens: usage.output_tokens },
    },
    { type: "message_stop" },
  ];
  const frames = events.map(frame);
  if (ending === undefined) {
    return new Response(frames.join(""), { headers: { "content-type": "text/event-stream" } });
  }
  const half = frames.slice(0, Math.ceil(frames.length / 2)).join("");
  if (ending === "interrupted") return brokenOff(half + frame(overloaded), "closed", "text/event-stream");
  // Cut within an event's JSON.
  return brokenOff(half.slice(0, -12), ending, "text/event-stream");
}

function partsOf(block: Message["content"][number]): { start: object; deltas: object[] } {
  switch (block.type) {
    case "thinking":
      return {
        start: { ...block, signature: "" },
        deltas: [{ type: "signature_delta", signature: block.signature }],
      };
    case "text":
      return {
        start: { type: "text", text: "" },
        deltas: pieces(block.text).map((text) => ({ type: "text_delta", text })),
      };
    case "tool_use":
      return {
        start: { ...block, input: {} },
        deltas: halves(JSON.stringify(block.input)).map((partial_json) => ({
          type: "input_json_delta",
          partial_json,
        })),
      };
  }
}
