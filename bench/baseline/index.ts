import { DurableObject, WorkflowEntrypoint, type WorkflowEvent, type WorkflowStep } from "cloudflare:workers";
import { Hono } from "hono";
import type { StartRun } from "#src/engine/start-run.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import type { ObjectBindings } from "#src/objects/objects.ts";
import { AnthropicClient } from "#src/providers/anthropic/anthropic-client.ts";
import { knownModels } from "#src/providers/model-table.ts";
import { asked } from "#src/providers/text-model.ts";
import type { Upstream } from "#src/providers/upstream.ts";
import { type ChatEnv, chat } from "./chat.ts";
import { type FanOutEnv, fanOut } from "./fan-out.ts";
import { history } from "./history.ts";
import { type LinesEnv, lines } from "./lines.ts";
import { consumePosts, type Post, type PostsEnv, posts } from "./posts.ts";
import { type RecommendEnv, recommend } from "./recommend.ts";
import { sockets } from "./sockets.ts";
import { streams } from "./streams.ts";

export { BareHub } from "./bare-hub.ts";
export { BareLines } from "./lines.ts";
export { BareRows } from "./recommend.ts";
export { BareRoom } from "./room.ts";

interface WorkflowRun {
  relay: string;
  id: string;
  /** Who does the work of a step: a provider that answers at once, or the sandbox. */
  provider: "instant" | "sandbox";
}

interface BaselineEnv
  extends Pick<ObjectBindings, "TENANT_WORKFLOWS">,
    ChatEnv,
    FanOutEnv,
    LinesEnv,
    PostsEnv,
    RecommendEnv {
  RELAY: DurableObjectNamespace<Relay>;
  HOPS: Queue<{ id: string; relay: string }>;
  THREE_STEPS: Workflow<WorkflowRun>;
  SANDBOX: Fetcher;
}

/** Resolves a waiting request when its message has arrived; the barest Durable Object + queue hop. */
export class Relay extends DurableObject<BaselineEnv> {
  readonly #waiting = new Map<string, () => void>();

  async hop(id: string, relay: string): Promise<void> {
    const arrived = this.#arrival(id);
    await this.env.HOPS.send({ id, relay });
    await arrived;
  }

  async workflow(run: WorkflowRun): Promise<void> {
    const finished = this.#arrival(run.id);
    await this.env.THREE_STEPS.create({ id: run.id, params: run });
    await finished;
  }

  async arrived(id: string): Promise<void> {
    this.#waiting.get(id)?.();
    this.#waiting.delete(id);
  }

  #arrival(id: string): Promise<void> {
    return new Promise((resolve) => this.#waiting.set(id, resolve));
  }
}

/**
 * The plan of the three-step run, as a Cloudflare Workflow. Its steps do the same
 * work with the same client, so that what differs is the orchestration.
 */
export class ThreeSteps extends WorkflowEntrypoint<BaselineEnv, WorkflowRun> {
  override async run({ payload }: WorkflowEvent<WorkflowRun>, step: WorkflowStep): Promise<void> {
    const { id, relay, provider } = payload;
    for (const part of [1, 2, 3]) {
      await step.do(`step ${part}`, async () =>
        provider === "instant" ? "done" : this.#generate(`part ${part}`, `${id}:${part}`),
      );
    }
    await this.env.RELAY.getByName(relay).arrived(id);
  }

  async #generate(prompt: string, idempotencyKey: string): Promise<string> {
    const upstream: Upstream = {
      url: "https://sandbox.internal",
      key: "sandbox",
      fetch: (input, init) => this.env.SANDBOX.fetch(new Request(input, init)),
    };
    const client = new AnthropicClient(upstream, { models: knownModels });
    const { text } = await client.generate(
      { model: "claude-haiku-4-5", maxTokens: 256, system: "", messages: asked(prompt) },
      { signal: AbortSignal.timeout(60_000), idempotencyKey, onText: () => {}, onCost: () => {} },
    );
    return text;
  }
}

const app = new Hono<{ Bindings: BaselineEnv }>()
  .route("/fan-out", fanOut)
  .route("/sockets", sockets)
  .route("/streams", streams)
  .route("/history", history)
  .route("/posts", posts)
  .route("/lines", lines)
  .route("/recommend", recommend)
  .route("/chat", chat)
  .get("/bare", (c) => c.json({ valid: true }))
  .post("/hop", async (c) => {
    await c.env.RELAY.getByName("relay").hop(crypto.randomUUID(), "relay");
    return c.json({ arrived: true });
  })
  .post("/workflow/:provider{instant|sandbox}", async (c) => {
    const provider = c.req.param("provider") === "instant" ? "instant" : "sandbox";
    await c.env.RELAY.getByName("relay").workflow({ id: crypto.randomUUID(), relay: "relay", provider });
    return c.json({ finished: true });
  })
  // The platform's orchestrator without the gateway in front of it, as the Workflow has none.
  .post("/run", async (c) => {
    const request = await c.req.json<StartRun>();
    const tenant = c.env.TENANT_WORKFLOWS.getByName(request.clientId);
    const { correlationId } = valueOrThrow(await tenant.startRun(request));
    const { status } = valueOrThrow(await tenant.waitForRun(correlationId, "tenant", 25_000));
    return c.json({ status }, status === "completed" ? 200 : 500);
  });

export default {
  fetch: app.fetch,
  async queue(batch, env) {
    if (batch.queue === "bench-posts") return consumePosts(batch);
    await Promise.all(
      batch.messages.map(async ({ body }) => {
        if ("relay" in body) await env.RELAY.getByName(body.relay).arrived(body.id);
      }),
    );
  },
} satisfies ExportedHandler<BaselineEnv, { id: string; relay: string } | Post>;
