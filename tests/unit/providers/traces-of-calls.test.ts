import { beforeEach, describe, expect, it } from "vitest";
import { AnthropicClient } from "#src/providers/anthropic/anthropic-client.ts";
import { knownModels } from "#src/providers/model-table.ts";
import { serpApi } from "#src/providers/serpapi/serpapi-client.ts";
import { stability } from "#src/providers/stability/stability-client.ts";
import { asked } from "#src/providers/text-model.ts";
import { chooseUpstream, type Upstream } from "#src/providers/upstream.ts";
import { answer as sandbox } from "#workers/sandbox/answer.ts";
import { closeBreakers } from "../../support/breakers.ts";
import { plan } from "../../support/plans.ts";
import { deliver, sandboxBinding, startedTask } from "../../support/tasks.ts";

const traceId = "0af7651916cd43dd8448eb211c80319c";
const call = { signal: AbortSignal.timeout(10_000), traceparent: `00-${traceId}-b7ad6b7169203331-01` };

/** A server of the providers' formats, and what it is told of traces. */
function listening(takesTraces: boolean | undefined, path = "") {
  const told: (string | null)[] = [];
  const upstream: Upstream = {
    url: `https://provider.test${path}`,
    key: "key",
    takesTraces,
    fetch: async (input, init) => {
      const request = new Request(input, init);
      told.push(request.headers.get("traceparent"));
      return sandbox(request);
    },
  };
  return { told, upstream };
}

const text = { model: "claude-haiku-5-5", maxTokens: 50, system: "You write.", messages: asked("About tea") };
const services: [string, string, (upstream: Upstream) => Promise<unknown>][] = [
  [
    "text",
    "",
    (upstream) =>
      new AnthropicClient(upstream, { models: knownModels }).generate(text, {
        ...call,
        idempotencyKey: "k",
        onCost: () => undefined,
      }),
  ],
  [
    "search",
    "/search",
    (upstream) => serpApi(upstream).search({ query: "tea", numResults: 1, type: "web" }, call),
  ],
  ["image", "", (upstream) => stability(upstream).draw({ prompt: "tea", aspectRatio: 1 }, call)],
];

describe("The trace of a call", () => {
  it.each(services)("goes along to a server of one's own, and to no provider: %s", async (_, path, ask) => {
    const [own, foreign] = [listening(true, path), listening(undefined, path)];
    await ask(own.upstream);
    await ask(foreign.upstream);
    expect([own.told, foreign.told]).toEqual([[call.traceparent], [null]]);
  });

  it.each([
    ["a provider at its own address", { key: "k", url: undefined }, false],
    ["a server that the operator names", { key: "k", url: "https://proxy.test" }, true],
    ["the sandbox", { key: undefined, url: undefined }, true],
  ])("is told to %s: %s", (_, choice, takesTraces) => {
    const { fetcher } = sandboxBinding();
    const upstream = chooseUpstream(
      { ...choice, defaultUrl: "https://api.test" },
      { ENVIRONMENT: "development" },
      fetcher,
    );
    expect(upstream?.takesTraces).toBe(takesTraces);
  });
});

describe("An attempt of a task", () => {
  beforeEach(closeBreakers);

  it("calls its provider in the trace of its message, each call in a span of its own, and tells how long that took", async () => {
    const written = plan("write", { write: { action: "ai_text_generate", input: { prompt: "Tea" } } });
    const { envelope, tenant, correlationId } = await startedTask("traced_calls", written);
    const asked = sandboxBinding();
    const { traceparent } = envelope("write");
    await deliver("agents", [envelope("write")], asked);
    const told = asked.headers.map((headers) => headers.get("traceparent"));
    expect(told).toEqual([expect.stringMatching(new RegExp(`^00-${traceId}-[0-9a-f]{16}-01$`))]);
    expect(told).not.toContain(traceparent);
    const tasks = await tenant.listTasks(correlationId, "tenant", { after: 0, limit: 1, include: [] });
    expect(tasks).toMatchObject({ value: { tasks: [{ attempts: [{ provider_ms: expect.any(Number) }] }] } });
  });
});
