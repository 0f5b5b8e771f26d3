import { expect } from "vitest";
import { messageEvents } from "./scripted-upstream.ts";

type Event = ReturnType<typeof messageEvents>[number];

const encoder = new TextEncoder();

/** A provider that writes as the test has it write, word by word: one answer for each call. */
export function typingUpstream() {
  const answers: ReadableStreamDefaultController<Uint8Array>[] = [];
  const fetcher: Pick<Fetcher, "fetch"> = {
    fetch: async () => {
      const body = new ReadableStream<Uint8Array>({ start: (controller) => void answers.push(controller) });
      return new Response(body, { headers: { "content-type": "text/event-stream" } });
    },
  };
  const asked = { calls: [], bodies: [], fetcher: Object.assign(Object.create(null), fetcher) };
  /** The answer to a call, once it has been made. */
  const answer = async (call: number) => {
    await expect.poll(() => answers.length).toBeGreaterThan(call);
    const tell = (events: readonly (Event | undefined)[]) => {
      for (const event of events)
        if (event)
          answers[call]?.enqueue(encoder.encode(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`));
    };
    const [begun, block, , ...ended] = messageEvents("");
    tell([begun, block]);
    return {
      write: (text: string) => tell([messageEvents(text)[2]]),
      end: () => {
        tell(ended);
        answers[call]?.close();
      },
      break: () => answers[call]?.error(new Error("connection reset")),
    };
  };
  return { asked, answer };
}
