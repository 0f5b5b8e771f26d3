import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { advance } from "#src/engine/engine.ts";
import { jsonBytes, limits } from "#src/engine/limits.ts";
import { newRun } from "#src/engine/run-state.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { tenantObject } from "../../support/objects.ts";
import { plan, startRequest, usage } from "../../support/plans.ts";
import { big, newTenant, rowsOf } from "./sizes.ts";

describe("What a plan makes of its data", () => {
  const runOf = async (
    steps: Parameters<typeof plan>[1],
    input: Record<string, unknown>,
    clientId = newTenant(),
  ) => {
    const tenant = tenantObject(clientId);
    const request = startRequest(clientId, { plan: plan("work", steps), input });
    const { correlationId } = valueOrThrow(await tenant.startRun(request));
    return valueOrThrow(await tenant.getRun(correlationId, "tenant"));
  };
  const search = { action: "web_search", input: { query: "{{item}}" } };

  it("is refused when a list is too long: no task is made", async () => {
    const clientId = newTenant();
    const items = Array.from({ length: limits.items + 1 }, (_, index) => index);
    expect(await runOf({ work: { ...search, for_each: "input.items" } }, { items }, clientId)).toMatchObject({
      status: "failed",
      error: { code: "WORKFLOW_EXPRESSION", message: expect.stringContaining("1001 items; at most 1000") },
      fuel: { reserved: 0, spent: 0 },
    });
    expect(await rowsOf(clientId)).toMatchObject({ tasks: 0, steps: 0 });
  });

  it("is refused when a task's input gets too large: no task is made", async () => {
    const clientId = newTenant();
    const prompt = "{{input.text}}".repeat(5);
    const steps = { work: { action: "ai_text_generate", input: { prompt } } };
    expect(await runOf(steps, { text: big(limits.taskInputBytes / 4 - 100) }, clientId)).toMatchObject({
      status: "failed",
      error: { code: "PAYLOAD_TOO_LARGE" },
      fuel: { reserved: 0, spent: 0 },
    });
    expect(await rowsOf(clientId)).toMatchObject({ tasks: 0 });
  });

  it("is refused when all tasks' inputs together get too large: no task is made", async () => {
    const clientId = newTenant();
    const items = Array.from({ length: limits.items }, (_, index) => index);
    const text = big(limits.runInputBytes / limits.items);
    const steps = {
      work: { action: "ai_text_generate", for_each: "input.items", input: { prompt: "{{input.text}}" } },
    };
    expect(await runOf(steps, { items, text }, clientId)).toMatchObject({
      status: "failed",
      error: { code: "PAYLOAD_TOO_LARGE", message: expect.stringContaining("With those before it") },
      fuel: { reserved: 0, spent: 0 },
    });
    expect(await rowsOf(clientId)).toMatchObject({ tasks: 0 });
  });

  it("can fail with a long error, of which the read models are told as much as fits into a message", async () => {
    const clientId = newTenant();
    const prompt = `{{input.${"x".repeat(150_000)}}}`;
    const run = await runOf({ work: { action: "ai_text_generate", input: { prompt } } }, {}, clientId);
    expect(run).toMatchObject({ status: "failed", error: { code: "WORKFLOW_EXPRESSION" } });
    const copies = await runInDurableObject(env.TENANT_WORKFLOWS.getByName(clientId), (_, { storage }) =>
      storage.sql.exec<{ bytes: number }>("SELECT length(message) AS bytes FROM unconfirmed").toArray(),
    );
    expect(copies).toHaveLength(1);
    for (const { bytes } of copies) expect(bytes).toBeLessThan(limits.envelopeBytes);
  });

  it("is refused when step after step adds to it", () => {
    const prompt = "{{input.text}}".repeat(4);
    const text = big(limits.taskInputBytes / 4 - 100);
    const names = Array.from({ length: 40 }, (_, index) => `s${index}`);
    const each = (next_step?: string) => ({ action: "store_memory", input: { content: prompt }, next_step });
    const steps = Object.fromEntries(names.map((name, index) => [name, each(names[index + 1])]));
    const { idempotency: _, ...header } = startRequest("tenant", {
      plan: plan("s0", steps),
      input: { text },
    });
    let run = advance(
      newRun({ ...header, id: "run", createdAt: 0, parent: null }),
      { type: "start" },
      0,
    ).state;
    for (const name of names) {
      const result = { output: {}, usage };
      const taskId = `run.${name}.main`;
      run = advance(run, { type: "task_completed", taskId, attempt: 1, result }, 0).state;
    }
    expect(run).toMatchObject({ status: "failed", error: { code: "PAYLOAD_TOO_LARGE" } });
    expect(jsonBytes(Object.values(run.tasks).map(({ input }) => input))).toBeGreaterThan(
      limits.runInputBytes - limits.taskInputBytes,
    );
  });

  it.each([
    ["counts for ever", "{% for number in (1..100000000) %}{{number}}{% endfor %}"],
    ["repeats its text over and over", "{% for number in (1..100000) %}{{input.text}}{% endfor %}"],
    [
      "doubles a text again and again",
      `{% assign t = input.text %}${"{% assign t = t | append: t %}".repeat(40)}{{t}}`,
    ],
  ])("is refused, and soon, when a template %s", async (_, prompt) => {
    const clientId = newTenant();
    const begun = Date.now();
    const run = await runOf(
      { work: { action: "ai_text_generate", input: { prompt } } },
      { text: big(10_000) },
      clientId,
    );
    expect(["WORKFLOW_EXPRESSION", "PAYLOAD_TOO_LARGE"]).toContain(run.error?.code);
    // Work that came to nothing costs a little.
    expect(run).toMatchObject({ status: "failed", fuel: { reserved: 0 } });
    expect(run.fuel.spent).toBeLessThan(16);
    expect(Date.now() - begun).toBeLessThan(10_000);
    expect(await rowsOf(clientId)).toMatchObject({ tasks: 0 });
  });

  it("travels through R2 when it does not fit into a queue message", async () => {
    const clientId = newTenant();
    const text = big(limits.envelopeBytes);
    const run = await runOf(
      { work: { action: "ai_text_generate", input: { prompt: "{{input.text}}" } } },
      { text },
      clientId,
    );
    const key = `payloads/${clientId}/${run.correlation_id}.work.main.json`;
    await expect.poll(async () => (await env.BLOBS.head(key)) !== null).toBe(true);
    expect(await (await env.BLOBS.get(key))?.json()).toEqual({
      action: "ai_text_generate",
      data: { prompt: text },
    });
  });
});
