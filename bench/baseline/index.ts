import { DurableObject, WorkflowEntrypoint, type WorkflowEvent, type WorkflowStep } from "cloudflare:workers";
import { Hono } from "hono";
import { AnthropicClient } from "../../src/providers/anthropic/anthropic-client.ts";

interface BaselineEnv {
  RELAY: DurableObjectNamespace<Relay>;
  HOPS: Queue<{ id: string; relay: string }>;
  THREE_STEPS: Workflow<{ relay: string; id: string }>;
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

  async workflow(id: string, relay: string): Promise<void> {
    const finished = this.#arrival(id);
    await this.env.THREE_STEPS.create({ id, params: { relay, id } });
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
export class ThreeSteps extends WorkflowEntrypoint<BaselineEnv, { relay: string; id: string }> {
  override async run(
    { payload }: WorkflowEvent<{ relay: string; id: string }>,
    step: WorkflowStep,
  ): Promise<void> {
    for (const part of [1, 2, 3]) {
      await step.do(`step ${part}`, () => this.#generate(`part ${part}`, `${payload.id}:${part}`));
    }
    await this.env.RELAY.getByName(payload.relay).arrived(payload.id);
  }

  async #generate(prompt: string, idempotencyKey: string): Promise<string> {
    const client = new AnthropicClient({
      url: "https://sandbox.internal",
      key: "sandbox",
      fetch: (input, init) => this.env.SANDBOX.fetch(new Request(input, init)),
    });
    const { text } = await client.generate(
      { model: "claude-haiku-4-5", maxTokens: 256, system: "", user: [prompt] },
      { signal: AbortSignal.timeout(60_000), idempotencyKey, onText: () => {}, onCost: () => {} },
    );
    return text;
  }
}

const app = new Hono<{ Bindings: BaselineEnv }>()
  .get("/bare", (c) => c.json({ valid: true }))
  .post("/hop", async (c) => {
    const relay = c.req.query("relay") ?? "relay";
    await c.env.RELAY.getByName(relay).hop(crypto.randomUUID(), relay);
    return c.json({ arrived: true });
  })
  .post("/workflow", async (c) => {
    const relay = c.req.query("relay") ?? "relay";
    await c.env.RELAY.getByName(relay).workflow(crypto.randomUUID(), relay);
    return c.json({ finished: true });
  });

export default {
  fetch: app.fetch,
  async queue(batch, env) {
    await Promise.all(batch.messages.map(({ body }) => env.RELAY.getByName(body.relay).arrived(body.id)));
  },
} satisfies ExportedHandler<BaselineEnv, { id: string; relay: string }>;
