import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { v7 as uuidv7 } from "uuid";
import type { Plan } from "#src/engine/plans/plan.ts";
import type { StartRun } from "#src/engine/start-run.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import type { DeadLetter } from "#src/tasks/dead-letter.ts";
import type { TaskEnvelope } from "#src/tasks/envelope.ts";
import adapters from "#workers/adapters/index.ts";
import agents from "#workers/agents/index.ts";
import { answer as sandbox } from "#workers/sandbox/answer.ts";
import { Connections } from "./connections.ts";
import { tenantObject } from "./objects.ts";
import { startRequest } from "./plans.ts";

/** The sandbox Worker as a service binding; keeps what was asked of it: paths, headers, and bodies as text. */
export function sandboxBinding() {
  const calls: string[] = [];
  const bodies: string[] = [];
  const headers: Headers[] = [];
  const fetcher: Pick<Fetcher, "fetch"> = {
    fetch: async (input: RequestInfo | URL, init?: RequestInit) => {
      const request = new Request(input, init);
      headers.push(request.headers);
      calls.push(new URL(request.url).pathname);
      bodies.push(await request.clone().text());
      return sandbox(request);
    },
  };
  return { calls, bodies, headers, fetcher: Object.assign(Object.create(null), fetcher) };
}

/** A dead-letter queue that shows what was sent to it. */
export function deadLetterQueue() {
  const letters: DeadLetter[] = [];
  const queue = {
    send: async (letter: DeadLetter) => void letters.push(letter),
    sendBatch: async (batch: Iterable<{ body: DeadLetter }>) =>
      void letters.push(...[...batch].map(({ body }) => body)),
  };
  return { letters, queue: Object.assign(Object.create(null), queue) };
}

/** Delivers messages to a consumer Worker, as its queue would. A connection too many fails, as it waits at the edge. */
export async function deliver(
  worker: "agents" | "adapters",
  bodies: unknown[],
  asked: Pick<ReturnType<typeof sandboxBinding>, "calls" | "fetcher"> = sandboxBinding(),
  settings: Record<string, string> = {},
) {
  const { letters, queue } = deadLetterQueue();
  const name = worker === "agents" ? "agent-tasks-normal" : "adapter-tasks";
  const messages = bodies.map((body) => ({ id: uuidv7(), timestamp: new Date(), attempts: 1, body }));
  const batch = createMessageBatch(name, messages);
  const ctx = createExecutionContext();
  const connections = new Connections();
  const counted = { BLOBS: connections.counted(env.BLOBS), SANDBOX: connections.counted(asked.fetcher) };
  const shared = { ...env, ...settings, ...counted };
  const letterBox = connections.counted(queue);
  if (worker === "agents") {
    const queues = {
      AGENT_TASKS_HIGH_DLQ: letterBox,
      AGENT_TASKS_NORMAL_DLQ: letterBox,
      AGENT_TASKS_LOW_DLQ: letterBox,
    };
    await agents.queue(batch, { ...shared, ...queues }, ctx);
  } else {
    await adapters.queue(batch, { ...shared, ADAPTER_TASKS_DLQ: letterBox }, ctx);
  }
  const result = await getQueueResult(batch, ctx);
  return { result, letters, calls: asked.calls, connections: connections.peak };
}

/**
 * Starts a run and gives the message of its first task.
 * @param shard which of the tenant's objects it is in
 */
export async function startedTask(
  clientId: string,
  plan: Plan,
  config: Record<string, unknown> = {},
  more: Partial<StartRun> = {},
  shard = 0,
) {
  const tenant = tenantObject(clientId, shard);
  const request = startRequest(clientId, { plan, config: { model: "claude-haiku-5-5", ...config }, ...more });
  const { correlationId } = valueOrThrow(await tenant.startRun(request));
  const view = async () => valueOrThrow(await tenant.getRun(correlationId, "tenant"));
  const envelope = (step: string, key = "main", attempt = 1): TaskEnvelope => ({
    topic: "any",
    task_id: `${correlationId}.${step}.${key}`,
    correlation_id: correlationId,
    causation_id: "c",
    request_id: "r",
    client_id: clientId,
    user_id: "user-1",
    priority: "normal",
    fuel_reserved: 1,
    attempt,
    deadline: Date.now() + 60_000,
    traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
  });
  return { correlationId, tenant, view, envelope };
}
