import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { circuitBreaker } from "../../durable-objects/circuit-breaker/client.ts";
import { plan } from "../support/plans.ts";
import { deliver, sandboxBinding, startedTask } from "../support/tasks.ts";

const textPlan = (prompt: string) =>
  plan("write", { write: { action: "ai_text_generate", input: { prompt } } });
const searchPlan = (query: string) => plan("find", { find: { action: "web_search", input: { query } } });
const imagePlan = (prompt: string) =>
  plan("draw", { draw: { action: "ai_image_generate", input: { prompt } } });

/** Each test's failures count against the shared breakers: they start as new. */
const closeBreakers = () =>
  Promise.all(
    ["anthropic", "serpapi", "stability"].map(async (provider) => {
      const stub = env.CIRCUIT_BREAKER.getByName(provider);
      await runInDurableObject(stub, (_, { storage }) => storage.deleteAll());
      await evictDurableObject(stub);
    }),
  );

describe("What succeeds after a failure is one success", () => {
  it.each(["429-once", "500-once"])("text: #%s", async (mode) => {
    await closeBreakers();
    const { view, envelope } = await startedTask(
      `fault_text_${mode.replace("-", "_")}`,
      textPlan(`About tea #${mode}`),
    );
    const { calls } = await deliver("agents", [envelope("write")]);
    expect(calls).toHaveLength(2);
    const run = await view();
    expect(run).toMatchObject({ status: "completed", fuel: { reserved: 0, spent: 10 } });
  });

  it.each(["429-once", "500-once"])("search: #%s", async (mode) => {
    await closeBreakers();
    const { view, envelope } = await startedTask(
      `fault_search_${mode.replace("-", "_")}`,
      searchPlan(`tea #${mode}`),
    );
    await deliver("adapters", [envelope("find")]);
    expect(await view()).toMatchObject({ status: "completed", fuel: { spent: 5 } });
  });

  it("image: #429-once", async () => {
    await closeBreakers();
    const { view, envelope } = await startedTask("fault_image_once", imagePlan("tea #429-once"));
    await deliver("adapters", [envelope("draw")]);
    expect(await view()).toMatchObject({ status: "completed", fuel: { spent: 40 } });
  });
});

describe("What keeps failing fails the run with the right code and charges nothing", () => {
  const cases = [
    ["text", "fail", "AI_SERVICE_ERROR"],
    ["text", "529", "AI_SERVICE_ERROR"],
    ["text", "429", "AI_SERVICE_ERROR"],
    ["text", "reset", "AI_SERVICE_ERROR"],
    ["text", "empty", "AI_SERVICE_ERROR"],
    ["text", "refusal", "AI_SERVICE_ERROR"],
    ["text", "huge", "AI_SERVICE_ERROR"],
    ["search", "fail", "EXTERNAL_SERVICE_ERROR"],
    ["search", "429", "EXTERNAL_SERVICE_ERROR"],
    ["search", "truncated", "EXTERNAL_SERVICE_ERROR"],
    ["search", "huge", "EXTERNAL_SERVICE_ERROR"],
    ["image", "fail", "EXTERNAL_SERVICE_ERROR"],
    ["image", "badimage", "EXTERNAL_SERVICE_ERROR"],
    ["image", "refusal", "EXTERNAL_SERVICE_ERROR"],
    ["image", "truncated", "EXTERNAL_SERVICE_ERROR"],
    ["image", "huge", "EXTERNAL_SERVICE_ERROR"],
  ] as const;

  it.each(cases)("%s: #%s", async (kind, mode, code) => {
    await closeBreakers();
    const clientId = `fault_${kind}_${mode}`;
    const words = `About tea #${mode}`;
    const plans = { text: textPlan(words), search: searchPlan(words), image: imagePlan(words) };
    const { view, envelope, correlationId } = await startedTask(clientId, plans[kind]);
    const step = { text: "write", search: "find", image: "draw" }[kind];
    const { result } = await deliver(kind === "text" ? "agents" : "adapters", [envelope(step)]);
    expect(result.explicitAcks).toHaveLength(1);
    expect(await view()).toMatchObject({
      status: "failed",
      error: { code, details: { step } },
      fuel: { reserved: 0, spent: 0 },
    });
    expect(
      await env.BLOBS.head(`images/${clientId}/${correlationId}/${correlationId}.draw.main.png`),
    ).toBeNull();
  });
});

describe("Messages", () => {
  it("that come twice cost one call and change nothing", async () => {
    await closeBreakers();
    const asked = sandboxBinding();
    const { view, envelope } = await startedTask("message_twice", textPlan("About tea"));
    await deliver("agents", [envelope("write")], asked);
    const first = await view();
    await deliver("agents", [envelope("write"), envelope("write")], asked);
    expect(asked.calls).toHaveLength(1);
    expect(await view()).toEqual(first);
  });

  it("that come twice at once cost one call", async () => {
    await closeBreakers();
    const { view, envelope } = await startedTask("message_at_once", imagePlan("tea"));
    const { calls } = await deliver("adapters", [envelope("draw"), envelope("draw"), envelope("draw")]);
    expect(calls).toHaveLength(1);
    expect(await view()).toMatchObject({ status: "completed" });
  });

  it("that cannot be read go to the dead letters with the reason, and hold up nobody", async () => {
    await closeBreakers();
    const { view, envelope } = await startedTask("message_malformed", textPlan("About tea"));
    const { task_id: _, ...broken } = envelope("write");
    const { letters, result } = await deliver("agents", [broken, 7, envelope("write")]);
    expect(result.explicitAcks).toHaveLength(3);
    expect(letters.map(({ reason }) => reason)).toEqual([
      expect.stringContaining("task_id"),
      expect.stringContaining("expected object"),
    ]);
    expect(await view()).toMatchObject({ status: "completed" });
  });

  it("for a task that nobody knows are dropped", async () => {
    const { envelope } = await startedTask("message_unknown", textPlan("About tea"));
    const { result, calls } = await deliver("agents", [envelope("nowhere")]);
    expect(result.explicitAcks).toHaveLength(1);
    expect(calls).toEqual([]);
  });
});

it("While the breaker is open tasks are deferred, not burnt", async () => {
  await closeBreakers();
  const { tenant, view, envelope, correlationId } = await startedTask("breaker_open", searchPlan("tea"));
  await circuitBreaker(env, "serpapi").record({ successes: 0, failures: 3 });
  const asked = sandboxBinding();
  // The isolate may still hold its two-second belief that the breaker is closed.
  const open = async () =>
    (await circuitBreaker(env, "serpapi").admit({ successes: 0, failures: 0 })).allowed;
  expect(await open()).toBe(false);
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 3000 });
  try {
    await deliver("adapters", [envelope("find")], asked);
  } finally {
    vi.useRealTimers();
  }
  expect(asked.calls).toEqual([]);
  expect((await view()).status).toBe("running");
  const claim = await tenant.claimTask(`${correlationId}.find.main`, 1);
  expect(claim.ok).toBe(true);
});

it("An unknown model is refused with a clear message, without a call", async () => {
  await closeBreakers();
  const { view, envelope } = await startedTask("model_unknown", textPlan("About tea"), { model: "gpt-4" });
  const { calls } = await deliver("agents", [envelope("write")]);
  expect(calls).toEqual([]);
  expect(await view()).toMatchObject({
    status: "failed",
    error: { code: "MODEL_UNKNOWN", message: "The model gpt-4 is not known" },
  });
});
