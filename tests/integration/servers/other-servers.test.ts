import { createServer, type Server } from "node:http";
import { afterAll, beforeAll, expect, it } from "vitest";
import { dataOf } from "#client/index.ts";
import { makeInstance } from "#scripts/demo/parts.ts";
import { demo } from "#scripts/local/options.ts";
import { numberFor } from "#src/tasks/numbered-queues.ts";
import { answer as sandbox } from "#workers/sandbox/answer.ts";
import { signedIn } from "../../support/outside.ts";
import { serverOfOnesOwn } from "../../support/server-of-ones-own.ts";
import { testSettings } from "../../support/settings.ts";

const asked: { path: string; authorization: string | undefined; apiKey: string | null }[] = [];

/** A server of somebody else's that speaks the providers' wire formats. */
const server: Server = createServer(async (request, response) => {
  const url = new URL(request.url ?? "/", "http://127.0.0.1");
  const { authorization } = request.headers;
  asked.push({ path: url.pathname, authorization, apiKey: url.searchParams.get("api_key") });
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) headers.set(name, String(value));
  const body = chunks.length > 0 ? Buffer.concat(chunks) : undefined;
  const answer = await sandbox(new Request(url, { method: request.method, headers, body }));
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  response.end(Buffer.from(await answer.arrayBuffer()));
});

const listening = await new Promise<string>((resolve) =>
  server.listen(0, "127.0.0.1", () => {
    const address = server.address();
    resolve(`http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`);
  }),
);

/** As many as make the demo tenant's not the first one. */
const queueNumbers = { "agent-tasks-high": 3, "adapter-tasks": 3 };

const platform = serverOfOnesOwn({
  ...testSettings,
  ANTHROPIC_API_KEY: "anthropic-key",
  ANTHROPIC_BASE_URL: listening,
  SERP_API_KEY: "serp-key",
  SERP_API_URL: `${listening}/search`,
  STABILITY_API_KEY: "stability-key",
  STABILITY_API_URL: listening,
  QUEUE_NUMBERS: JSON.stringify(queueNumbers),
});

afterAll(async () => {
  await platform.dispose();
  server.closeAllConnections();
  server.close();
});

beforeAll(async () => {
  await platform.start();
});

it("The environment points the same clients at any other server, each with its key, over queues with numbers", async () => {
  expect(numberFor(demo.clientId, 3)).not.toBe(1);
  const { api } = await signedIn(await platform.address());
  const path = { instance_id: await makeInstance(api, "Illustrated article") };
  const run = dataOf(
    await api.POST("/api/v1/personas/instances/{instance_id}/execute", {
      params: { path, query: { wait: 25 } },
      body: { input: { topic: "tea" } },
    }),
  );
  expect(run).toMatchObject({ status: "paused" });
  expect(asked).toEqual(
    expect.arrayContaining([
      { path: "/search", authorization: undefined, apiKey: "serp-key" },
      { path: "/v1/messages", authorization: "Bearer anthropic-key", apiKey: null },
      expect.objectContaining({ authorization: "Bearer stability-key" }),
    ]),
  );
});
