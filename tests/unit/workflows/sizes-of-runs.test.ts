import { describe, expect, it } from "vitest";
import { jsonBytes, limits } from "#src/engine/limits.ts";
import type { StartRun } from "#src/engine/start-run.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { largestRow } from "../../support/largest-row.ts";
import { tenantObject } from "../../support/objects.ts";
import { oneTextStep, plan, startRequest, usage } from "../../support/plans.ts";
import { completeTask } from "../../support/task-reports.ts";
import { longPlan, newTenant, nothing, rowsOf } from "./sizes.ts";

/** An object whose JSON has exactly this many bytes. */
const ofBytes = (bytes: number) => ({ text: "x".repeat(bytes - jsonBytes({ text: "" })) });

const emptyPlan = jsonBytes(longPlan(0));

const excesses: [string, (excess: number) => Partial<StartRun>][] = [
  ["plan", (excess) => ({ plan: longPlan(limits.planBytes - emptyPlan + excess) })],
  ["input", (excess) => ({ input: ofBytes(limits.inputBytes + excess) })],
  ["config", (excess) => ({ config: ofBytes(limits.configBytes + excess) })],
];

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
