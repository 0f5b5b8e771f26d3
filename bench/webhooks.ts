import { once } from "node:events";
import { createServer } from "node:http";
import { dataOf } from "#client/index.ts";
import type { Extent } from "./extent.ts";
import { byTurns } from "./load.ts";
import type { BenchPlatform } from "./platform.ts";
import { atLeast, type Finding, perSecond } from "./report.ts";
import type { BenchSession } from "./session.ts";

/** A receiver on this machine that answers at once, and knows when it has had so many messages, each counted once. */
async function startReceiver() {
  const seen = new Set<string>();
  let wanted = 0;
  let arrived = () => {};
  const server = createServer((request, response) => {
    seen.add(String(request.headers["webhook-id"]));
    request.resume();
    request.on("end", () => response.writeHead(204).end());
    if (seen.size >= wanted) arrived();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/hooks`,
    /** Resolves when that many messages have come since it was asked. */
    messages(count: number): Promise<void> {
      seen.clear();
      wanted = count;
      return new Promise((resolve) => {
        arrived = resolve;
      });
    },
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Messages a second to one webhook, from the event in the log to the receiver, beside a queue whose consumer only posts. */
export async function benchWebhooks(
  { baselineUrl }: BenchPlatform,
  { api, clientId }: Pick<BenchSession, "api" | "clientId">,
  { rounds, turns }: Extent,
): Promise<Finding[]> {
  const receiver = await startReceiver();
  const count = rounds * 50;
  let first = 0;
  const measure = async (side: "platform" | "bare") => {
    const begun = performance.now();
    const all = receiver.messages(count);
    const body = JSON.stringify({ url: receiver.url, client_id: clientId, first, count });
    first += count;
    const answer = await fetch(`${baselineUrl}/posts/${side}`, { method: "POST", body });
    if (!answer.ok) throw new Error(`/posts/${side} answered ${answer.status}`);
    await all;
    return (count * 1000) / (performance.now() - begun);
  };
  try {
    const { id } = dataOf(
      await api.POST("/api/v1/webhooks", { body: { url: receiver.url, events: ["user.created"] } }),
    );
    // The compiler needs some.
    for (const side of ["platform", "bare"] as const) await measure(side);
    const middle = await byTurns(
      { platform: () => measure("platform"), bare: () => measure("bare") },
      { turns, rate: (rate) => rate },
    );
    await api.DELETE("/api/v1/webhooks/{webhook_id}", { params: { path: { webhook_id: id } } });
    return [
      atLeast(0.5, {
        what: "webhooks: messages to one endpoint, signed and logged",
        measured: perSecond(middle("platform")),
        baseline: `${perSecond(middle("bare"))} queue consumer that only posts`,
        ratio: middle("platform") / middle("bare"),
      }),
    ];
  } finally {
    receiver.stop();
  }
}
