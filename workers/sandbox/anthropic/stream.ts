import type { Message } from "./messages.ts";

/** Pieces of a text, each a few words long. */
const pieces = (text: string): string[] => text.match(/(?:\S+\s*){1,6}/g) ?? [text];

/** The message as Anthropic's server-sent events; `broken` ends the stream in mid-text. */
export function streamMessage(
  { content, usage, stop_reason, ...message }: Message,
  broken: boolean,
): Response {
  const start = {
    type: "message_start",
    message: { ...message, content: [], stop_reason: null, usage: { ...usage, output_tokens: 1 } },
  };
  const blocks = content.flatMap((block, index) => {
    const deltas =
      block.type === "text"
        ? pieces(block.text).map((text) => ({ type: "text_delta", text }))
        : [{ type: "input_json_delta", partial_json: JSON.stringify(block.input) }];
    return [
      {
        type: "content_block_start",
        index,
        content_block: block.type === "text" ? { type: "text", text: "" } : { ...block, input: {} },
      },
      ...deltas.map((delta) => ({ type: "content_block_delta", index, delta })),
      { type: "content_block_stop", index },
    ];
  });
  const end = [
    {
      type: "message_delta",
      delta: { stop_reason, stop_sequence: null },
      usage: { output_tokens: usage.output_tokens },
    },
    { type: "message_stop" },
  ];
  const events = [start, ...blocks, ...end];
  const sent = broken ? events.slice(0, Math.ceil(events.length / 2)) : events;
  const encoder = new TextEncoder();
  const body = new ReadableStream({
    start(controller) {
      for (const event of sent) {
        controller.enqueue(encoder.encode(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`));
      }
      if (broken) controller.error(new Error("connection reset"));
      else controller.close();
    },
  });
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
}
