import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { v7 as uuidv7 } from "uuid";
import { afterAll, describe, expect, it, vi } from "vitest";
import { type Labels, type MetricName, metricNames } from "#src/observability/metrics/catalogue.ts";
import { metricsNow } from "#src/system/index.ts";
import events from "#workers/events/index.ts";
import gateway from "#workers/gateway/index.ts";
import { call } from "../../support/api.ts";
import { closeBreakers } from "../../support/breakers.ts";
import { metricNow, platformMetrics } from "../../support/metrics.ts";
import { circuitBreaker, tenantObject } from "../../support/objects.ts";
import { projectRun } from "../../support/personas.ts";
import { oneTextStep, plan } from "../../support/plans.ts";
import { testPlatform } from "../../support/platform-in-process.ts";
import { deadLetterQueue, deliver, startedTask } from "../../support/tasks.ts";
import { asking, started, until } from "../workflows/child-runs.ts";

afterAll(closeBreakers);

const clientId = "figures";

/** Executes a plan of one text, by the agents Worker and a provider of the sandbox. */
async function execute(): Promise<void> {
  const { envelope, view } = await startedTask(clientId, oneTextStep);
  await deliver("agents", [envelope("write")]);
  expect((await view()).status).toBe("completed");
}

const startTooPoor = () => startedTask(clientId, oneTextStep, {}, { fuelBudget: 1 });

const memory = { type: "note", content: "Tea at five", metadata: {} };

async function provokeAnError(): Promise<void> {
  // An empty database.
  const ctx = createExecutionContext();
  const answer = await gateway.fetch(
    new Request("http://platform.test/health"),
    { ...env, DB: env.OTHER_DB },
    ctx,
  );
  expect(answer.status).toBe(503);
}

async function consumeAnEvent(): Promise<void> {
  const message = { id: uuidv7(), timestamp: new Date(), attempts: 1, body: { type: "nonsense" } };
  const batch = createMessageBatch("platform-events", [message]);
  const ctx = createExecutionContext();
  await events.queue(batch, { ...env, PLATFORM_EVENTS_DLQ: deadLetterQueue().queue }, ctx);
  await getQueueResult(batch, ctx);
}

interface Row<N extends MetricName = MetricName> {
  metric: N;
  labels: Labels<N>;
  /** What moves it. */
  work(): Promise<unknown>;
}

const row = <N extends MetricName>(metric: N, labels: Labels<N>, work: () => Promise<unknown>): Row => ({
  metric,
  labels,
  work,
});

const openBreaker = () => circuitBreaker("anthropic").record({ successes: 0, failures: 3 });
const health = () => call("/health");
const running = { actor: { clientId, userId: uuidv7() } };

const rows: readonly Row[] = [
  row("ai_persona_workflows_started_total", {}, startTooPoor),
  row("ai_persona_workflows_completed_total", { status: "completed" }, execute),
  row("ai_persona_workflows_completed_total", { status: "failed" }, startTooPoor),
  row("ai_persona_workflow_duration_seconds", { status: "completed" }, execute),
  row("ai_persona_active_workflows", { status: "running" }, () =>
    projectRun(running, uuidv7(), { created_at: Date.now(), status: "running" }),
  ),
  row("ai_persona_agent_tasks_received_total", { agent_type: "copywriter" }, execute),
  row("ai_persona_agent_tasks_processed_total", { agent_type: "copywriter", status: "completed" }, execute),
  row("ai_persona_agent_processing_duration_seconds", { agent_type: "copywriter" }, execute),
  row("ai_persona_fuel_consumed_total", { agent_type: "copywriter" }, execute),
  row("ai_persona_fuel_exhausted_total", {}, startTooPoor),
  row("ai_persona_queue_messages_produced_total", { queue: "agent-tasks-normal" }, execute),
  row("ai_persona_queue_messages_consumed_total", { queue: "agent-tasks-normal" }, execute),
  row("ai_persona_queue_messages_consumed_total", { queue: "platform-events" }, consumeAnEvent),
  row("ai_persona_ai_service_requests_total", { provider: "anthropic", status: "ok" }, execute),
  row("ai_persona_ai_service_tokens_used_total", { model: "claude-haiku-5-5", type: "input" }, execute),
  row("ai_persona_ai_service_tokens_used_total", { model: "claude-haiku-5-5", type: "output" }, execute),
  row("ai_persona_ai_service_latency_seconds", { provider: "anthropic" }, execute),
  row("ai_persona_memory_searches_total", { by: "words" }, () =>
    tenantObject(clientId).searchMemories({ instanceId: "a", text: "tea", limit: 5, types: [] }),
  ),
  row("ai_persona_memories_stored_total", {}, () => tenantObject(clientId).putMemory("a", memory, 100)),
  row("ai_persona_http_requests_total", { method: "GET", route: "/health", status: "200" }, health),
  row("ai_persona_http_request_duration_seconds", { method: "GET", route: "/health" }, health),
  row("ai_persona_system_errors_total", { service: "gateway" }, provokeAnError),
  row("ai_persona_metrics_lost_total", {}, () =>
    platformMetrics().take({ source: uuidv7(), number: 1, things: [], dropped: 2 }),
  ),
  row("ai_persona_circuit_breaker_trips_total", { provider: "anthropic" }, openBreaker),
  row("ai_persona_circuit_breaker_state", { provider: "anthropic" }, async () => {
    await closeBreakers();
    expect(await metricNow("ai_persona_circuit_breaker_state", { provider: "anthropic" })).toBe(0);
    await openBreaker();
  }),
];

/** What only queues tell, which keep nothing here: each is put in the place of theirs. */
const measured = ["ai_persona_queue_consumer_lag", "ai_persona_queue_consumer_lag_seconds"];

/** What takes a platform with limits: tests/unit/rate-limits/limits-api.test.ts. */
const elsewhere = ["ai_persona_uncounted_calls_total"];

describe("A metric is moved by what it tells of", () => {
  it.each(rows.map((each) => [each.metric, Object.values(each.labels).join(" "), each] as const))(
    "%s %s",
    async (metric, _, { labels, work }) => {
      const before = metric === "ai_persona_circuit_breaker_state" ? 0 : await metricNow(metric, labels);
      await work();
      await vi.waitFor(async () => expect(await metricNow(metric, labels)).toBeGreaterThan(before), 5000);
    },
  );

  it("and there is none that nothing moves here", () => {
    expect([...new Set([...rows.map(({ metric }) => metric), ...measured, ...elsewhere])].sort()).toEqual(
      [...metricNames].sort(),
    );
  });
});

it("A queue's lag is what its queues say, all of a name together: how much waits, and for how long", async () => {
  const now = Date.now();
  const queue = (backlogCount: number, seconds: number) => ({
    metrics: async () => ({
      backlogCount,
      backlogBytes: 0,
      oldestMessageTimestamp: new Date(seconds > 0 ? now - seconds * 1000 : 0),
    }),
  });
  const samples = await metricsNow({
    ...testPlatform({ clock: { now: () => now } }),
    queues: { all: (name) => (name === "adapter-tasks" ? [queue(3, 7), queue(4, 90), queue(0, 0)] : []) },
  });
  const lagOf = (metric: string, name: string) =>
    samples.find((one) => one.metric === metric && one.labels[0] === name)?.value;
  expect(measured.map((metric) => lagOf(metric, "adapter-tasks"))).toEqual([7, 90]);
  expect(measured.map((metric) => lagOf(metric, "user-imports"))).toEqual([0, 0]);
});

it("Runs within others are part of those: one has begun, and all fuel is counted once, also that of a failed attempt", async () => {
  const begun = () => metricNow("ai_persona_workflows_started_total", {});
  const ended = () => metricNow("ai_persona_workflows_completed_total", { status: "completed" });
  const spent = async () => {
    const samples = await platformMetrics().read();
    const fuel = samples.filter(({ metric }) => metric === "ai_persona_fuel_consumed_total");
    return fuel.reduce((sum, { value }) => sum + value, 0);
  };
  const before = { begun: await begun(), ended: await ended(), spent: await spent() };
  const write = {
    action: "ai_text_generate",
    retry: { max_attempts: 2, backoff_seconds: 0 },
    next_step: "keep",
  };
  const keep = { action: "store_memory", input: { content: "Tea" }, next_step: "done" };
  const done = { action: "complete_workflow", input: { text: "{{steps.write.output.text}}" } };
  const run = await started("figures_within", asking, { text: plan("write", { write, keep, done }) });
  const { correlation_id } = await run.child();
  const usage = { tokensIn: 3, tokensOut: 5, costMicros: 7, durationMs: 11 };
  const error = { code: "AI_SERVICE_ERROR", message: "No", retryable: true };
  await run.tenant.failTask(`${correlation_id}.write.main`, 1, { error, usage });
  const again = async () => (await run.complete(`${correlation_id}.write.main`, "Tea!", 2)).applied;
  await until(run.stub, again).toBe(true);
  const { status, fuel } = await run.view();
  expect(status).toBe("completed");
  expect(fuel.spent).toBeGreaterThan(0);
  await vi.waitFor(async () => expect(await ended()).toBe(before.ended + 1), 5000);
  expect(await begun()).toBe(before.begun + 1);
  expect((await spent()) - before.spent).toBe(fuel.spent);
});

describe("What cannot be asked", () => {
  it("is left out of the metrics, and keeps no other from being told", async () => {
    const platform = testPlatform();
    const warn = vi.spyOn(platform.log, "warn").mockReturnValue();
    const samples = await metricsNow({
      ...platform,
      queues: {
        all: () => {
          throw new Error("no queue");
        },
      },
    });
    expect(samples.some(({ metric }) => metric === "ai_persona_queue_consumer_lag")).toBe(false);
    expect(samples.some(({ metric }) => metric === "ai_persona_circuit_breaker_state")).toBe(true);
    expect(warn).toHaveBeenCalledWith("not measured", expect.objectContaining({ what: "queues" }));
  });
});
