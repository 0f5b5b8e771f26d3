import { streamMessage } from "#workers/sandbox/anthropic/stream.ts";

/** Pieces of a text, and milliseconds between two of them: a model that writes fast. */
const [pieces, paceMs] = [80, 25];

/** About 2 KB. */
const text = Array.from({ length: pieces }, () => "A cup of tea is made.").join(" ");

const pause = (ms: number) => new Promise((settle) => setTimeout(settle, ms));

/** Stands in for the model: whatever it is asked, it writes the same text, piece by piece. */
export default {
  async fetch() {
    const whole = streamMessage(
      {
        id: "msg_cost",
        type: "message",
        role: "assistant",
        model: "claude-haiku-5-5",
        content: [{ type: "text", text }],
        stop_reason: "end_turn",
        stop_sequence: null,
        usage: { input_tokens: 100, output_tokens: pieces * 8 },
      },
      undefined,
    );
    const frames = (await whole.text()).split(/(?<=\n\n)/);
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const write = async () => {
      const writer = writable.getWriter();
      for (const frame of frames) {
        await writer.write(new TextEncoder().encode(frame));
        await pause(paceMs);
      }
      await writer.close();
    };
    void write();
    return new Response(readable, { headers: whole.headers });
  },
} satisfies ExportedHandler;
