import { describe, expect, it } from "vitest";
import type { Plan } from "#src/engine/plans/plan.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { tenantObject } from "../../support/objects.ts";
import { oneTextStep, plan, startRequest, usage } from "../../support/plans.ts";
import { claimTask, completeTask } from "../../support/task-reports.ts";

type MemoryConfig = Record<string, unknown>;

const memory = tenantObject("memory_runs", 0);
const tenant = tenantObject("memory_runs");

/** Starts a run of an instance with these memory settings. */
async function started(
  instanceId: string,
  own: Plan,
  memory_config?: MemoryConfig,
  input = { topic: "tea" },
) {
  const config = { model: "claude-haiku-4-5", ...(memory_config === undefined ? {} : { memory_config }) };
  const request = startRequest("memory_runs", { plan: own, instanceId, config, input });
  const { correlationId: id } = valueOrThrow(await tenant.startRun(request));
  return { id, view: async () => valueOrThrow(await tenant.getRun(id, "tenant")) };
}

/** Runs one text step to its end. */
async function written(instanceId: string, text: string, memory_config?: MemoryConfig, own = oneTextStep) {
  const { id } = await started(instanceId, own, memory_config);
  await completeTask(tenant, `${id}.write.main`, 1, { output: { text }, usage });
  return id;
}

const remembered = (instanceId: string) => memory.listMemories(instanceId, { limit: 100 });
const know = (instanceId: string, content: string, type = "note") =>
  memory.putMemory(instanceId, { content, type, metadata: {} }, 100);

describe("A step with store_memory", () => {
  const storing = plan("write", {
    write: { action: "generate_text", input: { prompt: "About {{input.topic}}" }, store_memory: true },
  });

  it("keeps its action, input and output", async () => {
    const id = await written("storing", "Tea!", undefined, storing);
    const [kept, ...others] = await remembered("storing");
    expect(others).toEqual([]);
    expect(kept).toMatchObject({ type: "step", metadata: { run: id, step: "write" } });
    expect(JSON.parse(kept?.content ?? "")).toEqual({
      action: "ai_text_generate",
      input: [{ prompt: "About tea" }],
      output: { text: "Tea!" },
    });
  });

  it("keeps nothing of a step that failed", async () => {
    const { id } = await started("storing_failed", storing);
    const error = { code: "AI_SERVICE_ERROR", message: "No", retryable: false };
    await tenant.failTask(`${id}.write.main`, 1, { error });
    expect(await remembered("storing_failed")).toEqual([]);
  });

  it("keeps as much of a large output as one memory holds", async () => {
    await written("storing_large", "tea ".repeat(50_000), undefined, storing);
    const [kept] = await remembered("storing_large");
    expect(new TextEncoder().encode(kept?.content).byteLength).toBeLessThanOrEqual(64 * 1024);
    expect(kept?.content).toContain("tea tea");
  });
});

describe("The memory actions", () => {
  it.each(["store_memory", "memory_store"])("%s keeps what it is given", async (action) => {
    const own = plan("keep", {
      keep: {
        action,
        input: { content: "Likes {{input.topic}}", type: "preference", metadata: { sure: true } },
      },
    });
    const { id, view } = await started(`by_${action}`, own);
    expect(await view()).toMatchObject({ status: "completed", fuel: { spent: 2 } });
    expect(await remembered(`by_${action}`)).toMatchObject([
      { content: "Likes tea", type: "preference", metadata: { sure: true, run: id } },
    ]);
  });

  it.each(["retrieve_memory", "memory_search"])(
    "%s finds the best, as many as it is told",
    async (action) => {
      const instance = `by_${action}`;
      for (const content of ["Tea on hills", "Tea", "Coffee"]) await know(instance, content);
      const own = plan("find", { find: { action, input: { query: "tea hills", limit: 1 } } });
      const { view } = await started(instance, own);
      expect((await view()).data.find).toMatchObject({
        memories: [{ content: "Tea on hills", type: "note", score: expect.any(Number) }],
      });
      expect((await view()).fuel.spent).toBe(2);
    },
  );

  it("find what is of the type asked for, however many of other types fit better", async () => {
    for (let index = 0; index < 60; index++) await know("by_type", "Tea on hills", "step");
    await know("by_type", "Milk goes into tea on some hills, but not on others", "preference");
    const input = { query: "tea hills", limit: 1, types: ["preference"] };
    const { view } = await started("by_type", plan("find", { find: { action: "retrieve_memory", input } }));
    expect((await view()).data.find).toMatchObject({ memories: [{ type: "preference" }] });
  });

  it.each([
    ["nothing", { content: " " }, "There is nothing to remember"],
    [
      "metadata without end",
      { content: "Tea", metadata: { x: "x".repeat(20_000) } },
      "The metadata is too large",
    ],
  ])("refuse to keep %s", async (what, input, message) => {
    const instance = `refused_${what}`;
    const { view } = await started(instance, plan("keep", { keep: { action: "store_memory", input } }));
    expect(await view()).toMatchObject({ status: "failed", error: { code: "MEMORY_FAILED", message } });
    expect(await remembered(instance)).toEqual([]);
  });

  it("find nothing of other instances", async () => {
    await know("neighbour", "Tea at the neighbour's");
    const { view } = await started(
      "alone",
      plan("find", { find: { action: "retrieve_memory", input: { query: "tea" } } }),
    );
    expect((await view()).data.find).toEqual({ memories: [] });
  });
});

describe("memory_config", () => {
  const memoriesFor = async (instanceId: string, config?: MemoryConfig) => {
    const { id } = await started(instanceId, oneTextStep, config);
    return valueOrThrow(await claimTask(tenant, `${id}.write.main`, 1)).memories;
  };

  it("enabled gives tasks the memories that fit; otherwise they get none", async () => {
    await know("enabled", "Write about tea with care");
    await know("enabled", "Something else");
    expect(await memoriesFor("enabled", { enabled: true })).toEqual(["Write about tea with care"]);
    expect(await memoriesFor("enabled", { enabled: false })).toEqual([]);
    expect(await memoriesFor("enabled")).toEqual([]);
  });

  it("that is unusable counts as none", async () => {
    await know("unusable", "Write about tea");
    expect(await memoriesFor("unusable", { enabled: true, retrieval_count: "many" })).toEqual([]);
  });

  it("retrieval_count says how many, five unless told otherwise", async () => {
    for (let n = 0; n < 8; n++) await know("counted", `Tea number ${n}`);
    expect(await memoriesFor("counted", { enabled: true })).toHaveLength(5);
    expect(await memoriesFor("counted", { enabled: true, retrieval_count: 7 })).toHaveLength(7);
    const find = plan("find", { find: { action: "retrieve_memory", input: { query: "tea" } } });
    const { view } = await started("counted", find, { retrieval_count: 3 });
    expect((await view()).data.find).toMatchObject({ memories: { length: 3 } });
  });

  it("include_types says which", async () => {
    await know("typed", "Tea, a note");
    await know("typed", "Tea, a fact", "fact");
    expect(await memoriesFor("typed", { enabled: true, include_types: ["fact"] })).toEqual(["Tea, a fact"]);
    const find = plan("find", { find: { action: "retrieve_memory", input: { query: "tea" } } });
    const { view } = await started("typed", find, { include_types: ["fact"] });
    expect((await view()).data.find).toMatchObject({ memories: [{ content: "Tea, a fact" }] });
  });

  it("auto_store keeps what text steps write, if memory is enabled", async () => {
    await written("automatic", "Tea!", { enabled: true, auto_store: true });
    expect(await remembered("automatic")).toMatchObject([{ type: "step" }]);
    await written("automatic_off", "Tea!", { enabled: false, auto_store: true });
    await written("automatic_off", "Tea!", { enabled: true });
    expect(await remembered("automatic_off")).toEqual([]);
  });

  it("auto_store_threshold keeps only what is new enough", async () => {
    const config = { enabled: true, auto_store: true, auto_store_threshold: 0.5 };
    await written("threshold", "Mountains rise above cold valleys", config);
    await written("threshold", "Mountains rise above cold valleys today", config);
    expect(await remembered("threshold")).toHaveLength(1);
    await written(
      "threshold",
      "Ships carry porcelain, silk, spices, paper, lacquer across distant stormy oceans",
      config,
    );
    expect(await remembered("threshold")).toHaveLength(2);
  });

  it("max_memories lets the least used go when a run keeps something", async () => {
    const keep = plan("keep", { keep: { action: "store_memory", input: { content: "{{input.topic}}" } } });
    for (const topic of ["apple", "berry"]) await started("bounded", keep, { max_memories: 2 }, { topic });
    await memory.searchMemories({ instanceId: "bounded", text: "apple", limit: 1, types: [] });
    await started("bounded", keep, { max_memories: 2 }, { topic: "cherry" });
    expect((await remembered("bounded")).map(({ content }) => content)).toEqual(["cherry", "apple"]);
  });
});
