import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { closeBreakers } from "../support/breakers.ts";
import { plan } from "../support/plans.ts";
import { claimTask } from "../support/task-reports.ts";
import { deliver, startedTask } from "../support/tasks.ts";

const plans = {
  text: (prompt: string) => plan("work", { work: { action: "ai_text_generate", input: { prompt } } }),
  structured: (prompt: string) =>
    plan("work", {
      work: {
        action: "ai_text_generate",
        input: {
          prompt,
          output_schema: {
            type: "object",
            properties: { headline: { type: "string" }, rating: { type: "integer", minimum: 1, maximum: 5 } },
            required: ["headline", "rating"],
          },
        },
      },
    }),
  review: (content_to_review: string) =>
    plan("work", { work: { action: "reasoning_review", input: { content_to_review } } }),
  search: (query: string) => plan("work", { work: { action: "web_search", input: { query } } }),
  image: (prompt: string) => plan("work", { work: { action: "ai_image_generate", input: { prompt } } }),
};

const fuel = { text: 10, structured: 10, review: 10, search: 5, image: 40 };

const workerOf = (kind: keyof typeof plans) =>
  kind === "search" || kind === "image" ? "adapters" : "agents";

async function run(kind: keyof typeof plans, mode: string) {
  const clientId = `fault_${kind}_${mode.replaceAll("-", "_")}`;
  const started = await startedTask(clientId, plans[kind](`About tea #${mode}`));
  const { result, calls } = await deliver(workerOf(kind), [started.envelope("work")]);
  return { ...started, result, calls, clientId };
}

beforeEach(closeBreakers);

describe("What succeeds after a failure counts once", () => {
  const cases = [
    ["text", "429"],
    ["text", "500-once"],
    ["text", "529-once"],
    ["text", "reset-once"],
    ["text", "interrupted-once"],
    ["text", "truncated-once"],
    ["text", "empty-once"],
    ["structured", "misfit-once"],
    ["structured", "reset-once"],
    ["review", "misfit-once"],
    ["review", "429"],
    ["search", "429"],
    ["search", "500-once"],
    ["search", "truncated-once"],
    ["search", "reset-once"],
    ["image", "429"],
    ["image", "badimage-once"],
    ["image", "halfimage-once"],
    ["image", "truncated-once"],
  ] as const;

  it.each(cases)("%s: #%s", async (kind, mode) => {
    const { view, calls } = await run(kind, mode);
    expect(calls).toHaveLength(2);
    expect(await view()).toMatchObject({ status: "completed", fuel: { reserved: 0, spent: fuel[kind] } });
  });

  it("an answer in words around JSON needs no repair", async () => {
    const { view, calls } = await run("structured", "words");
    expect(calls).toHaveLength(1);
    const { steps } = await view();
    expect(steps[0]?.output).toMatchObject({ data: { headline: expect.stringContaining("tea") } });
  });
});

describe("What keeps failing fails the run with the right code and charges no fuel", () => {
  const cases = [
    ["text", "fail", "AI_SERVICE_ERROR"],
    ["text", "529", "AI_SERVICE_ERROR"],
    ["text", "reset", "AI_SERVICE_ERROR"],
    ["text", "interrupted", "AI_SERVICE_ERROR"],
    ["text", "truncated", "AI_SERVICE_ERROR"],
    ["text", "empty", "AI_SERVICE_ERROR"],
    ["text", "refusal", "AI_SERVICE_ERROR"],
    ["text", "huge", "AI_SERVICE_ERROR"],
    ["structured", "misfit", "AI_SERVICE_ERROR"],
    ["review", "misfit", "AI_SERVICE_ERROR"],
    ["review", "refusal", "AI_SERVICE_ERROR"],
    ["search", "fail", "EXTERNAL_SERVICE_ERROR"],
    ["search", "reset", "EXTERNAL_SERVICE_ERROR"],
    ["search", "truncated", "EXTERNAL_SERVICE_ERROR"],
    ["search", "huge", "EXTERNAL_SERVICE_ERROR"],
    ["image", "fail", "EXTERNAL_SERVICE_ERROR"],
    ["image", "badimage", "EXTERNAL_SERVICE_ERROR"],
    ["image", "halfimage", "EXTERNAL_SERVICE_ERROR"],
    ["image", "empty", "EXTERNAL_SERVICE_ERROR"],
    ["image", "refusal", "EXTERNAL_SERVICE_ERROR"],
    ["image", "truncated", "EXTERNAL_SERVICE_ERROR"],
    ["image", "huge", "EXTERNAL_SERVICE_ERROR"],
  ] as const;

  it.each(cases)("%s: #%s", async (kind, mode, code) => {
    const { view, result, clientId, correlationId } = await run(kind, mode);
    expect(result.explicitAcks).toHaveLength(1);
    expect(await view()).toMatchObject({
      status: "failed",
      error: { code, details: { step: "work" } },
      fuel: { reserved: 0, spent: 0 },
    });
    const key = `images/${clientId}/${correlationId}/${correlationId}.work.main.png`;
    expect(await env.BLOBS.head(key)).toBeNull();
  });

  it("a misfitting answer is repaired once only", async () => {
    const { calls } = await run("structured", "misfit");
    expect(calls).toHaveLength(2);
  });

  it("tokens of failed calls are on record", async () => {
    const { view } = await run("text", "refusal");
    const { steps } = await view();
    expect(steps[0]?.tokens.input).toBeGreaterThan(0);
  });
});

describe("What never comes ends with the task's deadline", () => {
  it.each([
    ["text", "hang"],
    ["text", "stall"],
    ["search", "hang"],
    ["image", "stall"],
  ] as const)("%s: #%s", async (kind, mode) => {
    const { steps, ...rest } = plans[kind](`About tea #${mode}`);
    const quick = Object.entries(steps).map(([name, step]) => [name, { ...step, timeout_seconds: 0.5 }]);
    const started = await startedTask(`never_${kind}_${mode}`, { ...rest, steps: Object.fromEntries(quick) });
    const { result } = await deliver(workerOf(kind), [started.envelope("work")]);
    expect(result.explicitAcks).toHaveLength(1);
    const { status, error } = await started.view();
    expect(status).toBe("failed");
    // Whoever notices first: the consumer, or the tenant object's own clock.
    expect(["AI_SERVICE_ERROR", "EXTERNAL_SERVICE_ERROR", "TASK_TIMEOUT"]).toContain(error?.code);
  });
});

it("A minute's Retry-After postpones the task instead of failing it", async () => {
  const { tenant, view, envelope, calls, correlationId } = await run("text", "429-long");
  expect(calls).toHaveLength(1);
  expect((await view()).status).toBe("running");
  expect((await claimTask(tenant, `${correlationId}.work.main`, 1)).ok).toBe(true);
  expect(envelope("work").attempt).toBe(1);
});

it("An unknown model is refused with a clear message, without a call", async () => {
  const { view, envelope } = await startedTask("model_unknown", plans.text("About tea"), { model: "gpt-4" });
  const { calls } = await deliver("agents", [envelope("work")]);
  expect(calls).toEqual([]);
  expect(await view()).toMatchObject({
    status: "failed",
    error: { code: "MODEL_UNKNOWN", message: "The model gpt-4 is not known" },
  });
});

it("A failing task does not touch the others of its batch", async () => {
  const bad = await startedTask("batch_bad", plans.text("About tea #fail"));
  const good = await startedTask("batch_good", plans.text("About tea"));
  const { result } = await deliver("agents", [bad.envelope("work"), 7, good.envelope("work")]);
  expect(result.explicitAcks).toHaveLength(3);
  expect((await bad.view()).status).toBe("failed");
  expect((await good.view()).status).toBe("completed");
});
