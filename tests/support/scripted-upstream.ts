/** Answers made by hand in the place of the sandbox: call by call, the last one for all that follow. */
export function scripted(...answers: (() => Response | Promise<Response>)[]) {
  const calls: string[] = [];
  const bodies: string[] = [];
  const fetcher: Pick<Fetcher, "fetch"> = {
    fetch: async (input: RequestInfo | URL, init?: RequestInit) => {
      const request = new Request(input, init);
      const answer = answers[Math.min(calls.length, answers.length - 1)];
      calls.push(new URL(request.url).pathname);
      bodies.push(await request.clone().text());
      return answer?.() ?? new Response(null, { status: 500 });
    },
  };
  return { calls, bodies, fetcher: Object.assign(Object.create(null), fetcher) };
}

type Event = { type: string } & Record<string, unknown>;

const sse = (events: readonly Event[]): string =>
  events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join("");

const usual = { begun: { input_tokens: 9, output_tokens: 1 }, ended: { output_tokens: 5 } };

/** The events of a message that says a text; usage that is undefined is missing. */
export const messageEvents = (
  text: string,
  { begun, ended }: { begun?: unknown; ended?: unknown } = usual,
): Event[] => [
  {
    type: "message_start",
    message: { id: "msg_1", content: [], ...(begun === undefined ? {} : { usage: begun }) },
  },
  { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
  { type: "content_block_delta", index: 0, delta: { type: "text_delta", text } },
  { type: "content_block_stop", index: 0 },
  {
    type: "message_delta",
    delta: { stop_reason: "end_turn", stop_sequence: null },
    ...(ended === undefined ? {} : { usage: ended }),
  },
  { type: "message_stop" },
];

type Ending = "closed" | "reset" | "hanging";

/** A body that says this and then ends in its own way. */
function bodyThat(text: string, ending: Ending): ReadableStream<Uint8Array> {
  return new ReadableStream(
    {
      start: (controller) => controller.enqueue(new TextEncoder().encode(text)),
      pull(controller) {
        if (ending === "closed") controller.close();
        else if (ending === "reset") controller.error(new Error("connection reset"));
        else return new Promise<void>(() => {});
      },
    },
    { highWaterMark: 0 },
  );
}

export const streamed =
  (events: readonly Event[], ending: Ending = "closed", headers: Record<string, string> = {}) =>
  () =>
    new Response(bodyThat(sse(events), ending), {
      headers: { "content-type": "text/event-stream", ...headers },
    });

export const json =
  (text: string, ending: Ending = "closed", headers: Record<string, string> = {}) =>
  () =>
    new Response(bodyThat(text, ending), { headers: { "content-type": "application/json", ...headers } });

export const refusing =
  (status: number, body: unknown, headers: Record<string, string> = {}) =>
  () =>
    Response.json(body, { status, headers });
