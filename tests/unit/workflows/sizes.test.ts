import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { advance } from "#src/engine/engine.ts";
import { jsonBytes, limits } from "#src/engine/limits.ts";
import { newRun } from "#src/engine/run-state.ts";
import type { StartRun } from "#src/engine/start-run.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { send } from "../../support/api.ts";
import { largestRow } from "../../support/largest-row.ts";
import { tenantObject } from "../../support/objects.ts";
import { bodyOf, copywriter, execute, get, makeInstance, type Template } from "../../support/personas.ts";
import { oneTextStep, plan, startRequest, usage } from "../../support/plans.ts";
import { completeTask } from "../../support/task-reports.ts";
import { createUser } from "../../support/users.ts";

/** An object whose JSON has exactly this many bytes. */
const ofBytes = (bytes: number) => ({ text: "x".repeat(bytes - jsonBytes({ text: "" })) });

const tables = ["runs", "headers", "steps", "tasks", "events", "copies", "idempotency", "memories"];

/** How many rows each of the object's tables has. */
const rowsOf = (clientId: string) =>
  runInDurableObject(env.TENANT_WORKFLOWS.getByName(clientId), (_, { storage }) =>
    Object.fromEntries(
      tables.map((table) => [
        table,
        storage.sql.exec<{ n: number }>(`SELECT count(*) AS n FROM ${table}`).one().n,
      ]),
    ),
  );
const nothing = Object.fromEntries(tables.map((table) => [table, 0]));

const big = (bytes: number) => "x".repeat(bytes);
const longPlan = (bytes: number) =>
  plan("write", { write: { action: "ai_text_generate", input: { prompt: big(bytes) } } });
const emptyPlan = jsonBytes(longPlan(0));

const excesses: [string, (excess: number) => Partial<StartRun>][] = [
  ["plan", (excess) => ({ plan: longPlan(limits.planBytes - emptyPlan + excess) })],
  ["input", (excess) => ({ input: ofBytes(limits.inputBytes + excess) })],
  ["config", (excess) => ({ config: ofBytes(limits.configBytes + excess) })],
];

let tenants = 0;
const newTenant = () => `sizes_${tenants++}`;

describe("What a run is started with", () => {
  it.each(excesses)("is taken with a %s of exactly the limit", async (_, part) => {
    const clientId = newTenant();
    const request = startRequest(clientId, { plan: oneTextStep, input: { topic: "tea" }, ...part(0) });
    expect(await tenantObject(clientId).startRun(request)).toMatchObject({ ok: true });
  });

  it.each(excesses)("is refused with a %s of one byte more, and leaves nothing behind", async (_, part) => {
    const clientId = newTenant();
    const idempotency = { key: "k", bodyDigest: "d" };
    const request = startRequest(clientId, { plan: oneTextStep, idempotency, ...part(1) });
    expect(await tenantObject(clientId).startRun(request)).toMatchObject({
      ok: false,
      code: "PAYLOAD_TOO_LARGE",
    });
    expect(await rowsOf(clientId)).toEqual(nothing);
    // The same key may be used for a request that fits.
    const fitting = startRequest(clientId, { plan: oneTextStep, idempotency });
    expect(await tenantObject(clientId).startRun(fitting)).toMatchObject({
      value: { created: true },
    });
  });

  it("is refused when all of it together is too much for a row", async () => {
    const clientId = newTenant();
    const agents = Object.fromEntries(
      Array.from({ length: 26 }, (_, index) => [
        `agent-${index}`,
        { category: "data-driven" as const, defaultConfig: ofBytes(64 * 1024) },
      ]),
    );
    const request = startRequest(clientId, { plan: oneTextStep, agents });
    expect(await tenantObject(clientId).startRun(request)).toMatchObject({
      ok: false,
      code: "PAYLOAD_TOO_LARGE",
    });
    expect(await rowsOf(clientId)).toEqual(nothing);
  });
});

describe("What a task puts out", () => {
  const output = (bytes: number) => ({ output: ofBytes(bytes), usage });

  it("is kept up to the limit", async () => {
    const clientId = newTenant();
    const tenant = tenantObject(clientId);
    const one = plan("write", { write: { action: "ai_text_generate", input: { prompt: "tea" } } });
    const { correlationId } = valueOrThrow(await tenant.startRun(startRequest(clientId, { plan: one })));
    await completeTask(tenant, `${correlationId}.write.main`, 1, output(limits.outputBytes));
    const run = valueOrThrow(await tenant.getRun(correlationId, "tenant"));
    expect(run.status).toBe("completed");
    expect(jsonBytes(run.steps[0]?.output)).toBe(limits.outputBytes);
  });

  it("fails its step beyond that, and none of it is kept or paid for", async () => {
    const clientId = newTenant();
    const tenant = tenantObject(clientId);
    const { correlationId } = valueOrThrow(
      await tenant.startRun(startRequest(clientId, { plan: oneTextStep })),
    );
    await completeTask(tenant, `${correlationId}.write.main`, 1, output(limits.outputBytes + 1));
    const run = valueOrThrow(await tenant.getRun(correlationId, "tenant"));
    expect(run).toMatchObject({
      status: "failed",
      error: { code: "PAYLOAD_TOO_LARGE", details: { step: "write" } },
      fuel: { reserved: 0, spent: 0 },
    });
    expect(run.steps[0]?.output).toBeNull();
    expect(jsonBytes(run)).toBeLessThan(10_000);
  });

  it("fails the step when its tasks' outputs together are too large", async () => {
    const clientId = newTenant();
    const tenant = tenantObject(clientId);
    const sub_tasks = ["a", "b", "c", "d"].map((step_name) => ({
      step_name,
      topic: "system.adapter.web.search",
      input: { query: "tea" },
    }));
    const wide = plan("all", { all: { action: "fan_out", sub_tasks } });
    const { correlationId } = valueOrThrow(await tenant.startRun(startRequest(clientId, { plan: wide })));
    for (const { step_name } of sub_tasks)
      await completeTask(tenant, `${correlationId}.all.${step_name}`, 1, output(limits.joinedBytes / 4));
    expect(valueOrThrow(await tenant.getRun(correlationId, "tenant"))).toMatchObject({
      status: "failed",
      error: { code: "PAYLOAD_TOO_LARGE", message: expect.stringContaining("all") },
      fuel: { reserved: 0 },
    });
  });

  it("fails the run when all of its outputs are more than it may hold", async () => {
    const clientId = newTenant();
    const tenant = tenantObject(clientId);
    const count = limits.runBytes / limits.outputBytes + 1;
    const names = Array.from({ length: count }, (_, index) => `step-${index}`);
    const chain = plan(
      "step-0",
      Object.fromEntries(
        names.map((name, index) => [
          name,
          {
            action: "ai_text_generate",
            input: { prompt: "tea" },
            ...(index + 1 < count ? { next_step: `step-${index + 1}` } : {}),
          },
        ]),
      ),
    );
    const { correlationId } = valueOrThrow(await tenant.startRun(startRequest(clientId, { plan: chain })));
    for (const name of names)
      await completeTask(tenant, `${correlationId}.${name}.main`, 1, output(limits.outputBytes));
    expect(valueOrThrow(await tenant.getRun(correlationId, "tenant"))).toMatchObject({
      status: "failed",
      error: { code: "PAYLOAD_TOO_LARGE", details: { step: names.at(-1) } },
    });
  });

  it("of the largest size is the result of a run that was started with the most there may be", async () => {
    const clientId = newTenant();
    const tenant = tenantObject(clientId);
    const agents = Object.fromEntries(
      Array.from({ length: 16 }, (_, index) => [
        `agent-${index}`,
        { category: "data-driven" as const, defaultConfig: ofBytes(64 * 1024) },
      ]),
    );
    const three = plan("all", {
      all: {
        action: "fan_out",
        sub_tasks: ["a", "b", "c"].map((step_name) => ({
          step_name,
          topic: "system.adapter.web.search",
          input: { query: "tea" },
        })),
      },
    });
    const request = startRequest(clientId, { plan: three, agents, input: ofBytes(limits.inputBytes) });
    const { correlationId } = valueOrThrow(await tenant.startRun(request));
    for (const key of ["a", "b", "c"])
      await completeTask(tenant, `${correlationId}.all.${key}`, 1, output(limits.outputBytes - 100));
    const run = valueOrThrow(await tenant.getRun(correlationId, "tenant"));
    expect(run).toMatchObject({ status: "completed", error: null });
    expect(jsonBytes(run.result)).toBeGreaterThan(1_500_000);
    const largest = await largestRow(clientId);
    // Not held by local runs: a row of a Durable Object has at most 2 MB.
    expect(largest).toBeLessThan(2_000_000);
  });
});

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
    expect(await rowsOf(clientId)).toMatchObject({ tasks: 0, steps: 1 });
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
      storage.sql.exec<{ bytes: number }>("SELECT length(message) AS bytes FROM copies").toArray(),
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

describe("Over HTTP", () => {
  it("an input that is too large is refused: no run, no place in the quota, no event", async () => {
    const clientId = newTenant();
    const user = await createUser(clientId, { tier: "free" });
    const { id } = await makeInstance(user);
    const input = { topic: "tea", more: big(limits.inputBytes) };
    const answer = await execute(user, id, { input }, { "idempotency-key": "large" });
    expect(await bodyOf(answer, 413)).toMatchObject({ error: "PAYLOAD_TOO_LARGE" });
    // The log may tell of the persona that was made.
    expect(await rowsOf(clientId)).toEqual({ ...nothing, events: expect.any(Number) });
    const { events } = await tenantObject(clientId).readEvents({ since: 0, limit: 100 });
    expect(events.filter(({ event }) => event.startsWith("execution"))).toEqual([]);
    const slots = await env.DB.prepare("SELECT count(*) AS n FROM content_slots WHERE user_id = ?")
      .bind(user.actor.userId)
      .first<{ n: number }>();
    expect(slots).toEqual({ n: 0 });
    const waiting = await env.DB.prepare(
      "SELECT count(*) AS n FROM event_outbox WHERE client_id = ? AND event LIKE 'execution%'",
    )
      .bind(clientId)
      .first<{ n: number }>();
    expect(waiting).toEqual({ n: 0 });
    expect(
      (await execute(user, id, { input: { topic: "tea" } }, { "idempotency-key": "large" })).status,
    ).toBe(202);
  });

  it("a plan that is too large is refused with the template, and none is made", async () => {
    const clientId = newTenant();
    const { headers } = await createUser(clientId, { role: "admin" });
    const name = `Large of ${clientId}`;
    const config = { ...copywriter.config, workflow: longPlan(limits.configBytes) };
    const answer = await send("POST", "/api/v1/templates", { ...copywriter, name, config }, headers);
    expect([400, 413, 422]).toContain(answer.status);
    const rows = await env.DB.prepare("SELECT count(*) AS n FROM templates WHERE name = ?")
      .bind(name)
      .first();
    expect(rows).toEqual({ n: 0 });
    await answer.body?.cancel();
    const fitting = await send("POST", "/api/v1/templates", { ...copywriter, name }, headers);
    expect(await bodyOf<Template>(fitting, 201)).toMatchObject({ name });
  });

  it.each(["limit=0", "limit=100000", "limit=x", "cursor=nonsense"])(
    "a history page with %s is refused",
    async (query) => {
      const user = await createUser("sizes_pages");
      const { id } = await makeInstance(user);
      const answer = await get(`/api/v1/personas/instances/${id}/history?${query}`, user);
      expect(await bodyOf(answer, 400)).toMatchObject({ error: expect.any(String) });
    },
  );
});
