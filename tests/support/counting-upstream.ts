import { createServer, type IncomingMessage, type Server } from "node:http";
import { answer as sandbox } from "#workers/sandbox/answer.ts";

export interface UpstreamCall {
  path: string;
  /** What the call is about, as `markerOf` reads it. */
  marker: string;
  idempotencyKey: string | undefined;
  /** How often the platform had been killed when the call came. */
  life: number;
  at: number;
  answered: boolean;
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

interface Options {
  latencyMs: number;
  /** Reads the marker out of a call's address and body. */
  markerOf(text: string): string;
  onCall?(call: UpstreamCall): void;
  /** Holds an answer in its middle, when half of it is written, until this resolves. */
  middle?(call: UpstreamCall): Promise<void>;
}

/**
 * All three providers on Node, speaking as the sandbox does: it outlives the
 * platform and knows exactly what was asked of it.
 */
export async function countingUpstream({ latencyMs, markerOf, onCall, middle }: Options) {
  const calls: UpstreamCall[] = [];
  let life = 0;
  const server: Server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    const body = await bodyOf(request);
    const key = request.headers["idempotency-key"];
    const call: UpstreamCall = {
      path: url.pathname,
      marker: markerOf(`${decodeURIComponent(url.search)} ${body}`),
      idempotencyKey: Array.isArray(key) ? key[0] : key,
      life,
      at: Date.now(),
      answered: false,
    };
    calls.push(call);
    onCall?.(call);
    await new Promise((resolve) => setTimeout(resolve, latencyMs));
    const headers = new Headers();
    for (const [name, value] of Object.entries(request.headers)) headers.set(name, String(value));
    const { method } = request;
    const answer = await sandbox(
      new Request(url, { method, headers, body: method === "GET" ? undefined : body }),
    );
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    const written = Buffer.from(await answer.arrayBuffer());
    if (middle) {
      response.write(written.subarray(0, written.length / 2));
      await middle(call);
      response.end(written.subarray(written.length / 2));
    } else response.end(written);
    call.answered = true;
  });
  const url = await new Promise<string>((resolve) =>
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(`http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`);
    }),
  );
  const openConnections = () =>
    new Promise<number>((resolve, reject) =>
      server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
    );
  return {
    calls,
    /** Settings that lead the platform here. */
    settings: {
      ANTHROPIC_API_KEY: "anthropic-key",
      ANTHROPIC_BASE_URL: url,
      SERP_API_KEY: "serp-key",
      SERP_API_URL: `${url}/search`,
      STABILITY_API_KEY: "stability-key",
      STABILITY_API_URL: url,
    },
    /** The platform is dead: what comes from now on belongs to its next life. */
    async nextLife(): Promise<void> {
      while ((await openConnections()) > 0) await new Promise((resolve) => setTimeout(resolve, 5));
      life++;
    },
    close(): void {
      server.closeAllConnections();
      server.close();
    },
  };
}
