import { createServer, type ServerResponse } from "node:http";

const event = (type: string, more: object = {}): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`;

const usage = { input_tokens: 9, output_tokens: 5 };

/** Words that say when they were written: ` 1234.5`, in milliseconds of this process. */
const pieceNow = () => ` ${performance.now().toFixed(1)}`;

function write(response: ServerResponse): void {
  const delta = { type: "text_delta", text: pieceNow() };
  response.write(event("content_block_delta", { index: 0, delta }));
}

function end(response: ServerResponse): void {
  response.write(event("content_block_stop", { index: 0 }));
  const delta = { stop_reason: "end_turn", stop_sequence: null };
  response.write(event("message_delta", { delta, usage }));
  response.end(event("message_stop"));
}

/** A model's provider that writes a word every so often, each of which says when it was written. */
export async function typingProvider({ pieces, everyMs }: { pieces: number; everyMs: number }) {
  /** While this is so an answer stays at its first word. */
  const holding = { isHeld: false };
  const held: ServerResponse[] = [];
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(event("message_start", { message: { id: "msg_1", content: [], usage } }));
    response.write(event("content_block_start", { index: 0, content_block: { type: "text", text: "" } }));
    write(response);
    if (holding.isHeld) return held.push(response);
    let left = pieces - 1;
    const timer = setInterval(() => {
      if (left-- > 0) return write(response);
      clearInterval(timer);
      end(response);
    }, everyMs);
  });
  const port = await new Promise<number>((resolve) =>
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address ? address.port : 0);
    }),
  );
  return {
    url: `http://127.0.0.1:${port}`,
    hold(): void {
      holding.isHeld = true;
    },
    close(): void {
      for (const response of held) end(response);
      server.closeAllConnections();
      server.close();
    },
  };
}
