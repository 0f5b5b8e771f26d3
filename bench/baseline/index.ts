import { DurableObject, WorkflowEntrypoint, type WorkflowEvent, type WorkflowStep } from "cloudflare:workers";
import { Hono } from "hono";

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

/** The plan of the three-step copywriter run, as a Cloudflare Workflow with the same upstream. */
export class ThreeSteps extends WorkflowEntrypoint<BaselineEnv, { relay: string; id: string }> {
  override async run(
    { payload }: WorkflowEvent<{ relay: string; id: string }>,
    step: WorkflowStep,
  ): Promise<void> {
    for (const name of ["outline", "draft", "polish"]) await step.do(name, () => this.#generate(name));
    await this.env.RELAY.getByName(payload.relay).arrived(payload.id);
  }

  async #generate(prompt: string): Promise<string> {
    const response = await this.env.SANDBOX.fetch("https://sandbox/v1/messages", {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "x-api-key": "sandbox",
        "anthropic-version": "2023-06-01",
      },
      body: JSON.stringify({
        model: "claude-haiku-4-5",
        max_tokens: 256,
        messages: [{ role: "user", content: prompt }],
      }),
    });
    if (!response.ok) throw new Error(`sandbox answered ${response.status}`);
    return response.text();
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
