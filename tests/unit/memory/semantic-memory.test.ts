import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { TenantWorkflows } from "#durable-objects/tenant-workflows/object.ts";
import { valueOrThrow } from "#src/kernel/outcome.ts";
import { plan, startRequest } from "../../support/plans.ts";
import { claimTask } from "../../support/task-reports.ts";
import { vectorsInMemory } from "../../support/vectors.ts";

const note = (content: string) => ({ type: "note", content, metadata: {} });
const query = (text: string, limit = 5) => ({ instanceId: "i", text, limit, types: [] });

/** A tenant's object with an index of meanings: the object itself, on its own storage, with the bindings in memory. */
const withVectors = (
  name: string,
  use: (
    object: TenantWorkflows,
    vectors: ReturnType<typeof vectorsInMemory>,
    storage: DurableObjectStorage,
  ) => Promise<void>,
): Promise<void> =>
  runInDurableObject(env.TENANT_WORKFLOWS.getByName(name), async (_, state) => {
    const vectors = vectorsInMemory();
    await use(
      new TenantWorkflows(state, { ...env, ...vectors.bindings, LOG_LEVEL: "error" }),
      vectors,
      state.storage,
    );
  });

const contents = async (object: TenantWorkflows, text: string) =>
  (await object.searchMemories(query(text))).map(({ content }) => content);

it("Memories are found by meaning as well as by words, and what fits by both is in front", () =>
  withVectors("semantic_found", async (object, { entries }) => {
    await object.putMemory("i", note("Serve oolong at four"), 100);
    await object.putMemory("i", note("The hound sleeps"), 100);
    await object.putMemory("j", note("Oolong of somebody else"), 100);
    await expect.poll(() => entries.size).toBe(3);
    expect(await contents(object, "a hot beverage")).toEqual(["Serve oolong at four"]);
    expect(await contents(object, "oolong and a puppy")).toEqual([
      "Serve oolong at four",
      "The hound sleeps",
    ]);
    for (const { score } of await object.searchMemories(query("beverage"))) {
      expect(score).toBeGreaterThanOrEqual(0);
      expect(score).toBeLessThanOrEqual(1);
    }
  }));

it("A changed memory is found by its new meaning, a removed one by none", () =>
  withVectors("semantic_changed", async (object, { entries }) => {
    const { id } = await object.putMemory("i", note("An automobile"), 100);
    await expect.poll(() => entries.size).toBe(1);
    const before = JSON.stringify([...entries.values()]);
    await object.changeMemory("i", id, { content: "A puppy" });
    await expect.poll(() => JSON.stringify([...entries.values()])).not.toBe(before);
    expect(await contents(object, "hound")).toEqual(["A puppy"]);
    await object.removeMemory("i", id);
    await expect.poll(() => entries.size).toBe(0);
    expect(await contents(object, "hound")).toEqual([]);
  }));

it("Vectors of what gave way to newer memories, and of what a deleted instance knew, are removed", () =>
  withVectors("semantic_evicted", async (object, { entries }) => {
    for (const content of ["tea one", "tea two", "tea three"]) await object.putMemory("i", note(content), 2);
    await expect.poll(() => entries.size).toBe(2);
    await object.removeMemoriesOf(["i"]);
    await expect.poll(() => entries.size).toBe(0);
  }));

it("An instance's embedding_model reads what it keeps and what it looks for; a name nobody knows counts as none", () =>
  withVectors("semantic_models", async (object, { entries, asked }) => {
    const large = "bge-large-en-v1.5";
    await object.putMemory("i", { ...note("Serve oolong at four"), embeddingModel: large }, 100);
    await object.putMemory("i", { ...note("Sencha at five"), embeddingModel: "gpt-of-somebody" }, 100);
    await expect.poll(() => entries.size).toBe(2);
    expect(asked.toSorted()).toEqual([
      "@cf/baai/bge-large-en-v1.5: Serve oolong at four",
      "@cf/baai/bge-m3: Sencha at five",
    ]);
    const found = async (embeddingModel?: string) =>
      (await object.searchMemories({ ...query("a hot beverage"), embeddingModel })).map(
        ({ content }) => content,
      );
    expect(await found(large)).toEqual(["Serve oolong at four"]);
    expect(await found()).toEqual(["Sencha at five"]);
    const config = { memory_config: { enabled: true, embedding_model: large } };
    const own = plan("keep", {
      keep: { action: "store_memory", input: { content: "Boil the beverage" }, next_step: "write" },
      write: { action: "ai_text_generate", input: { prompt: "Which hot drink? Sencha?" } },
    });
    const request = startRequest("semantic_models", { plan: own, instanceId: "i", config });
    const { correlationId } = valueOrThrow(await object.startRun(request));
    await expect.poll(() => asked).toContain("@cf/baai/bge-large-en-v1.5: Boil the beverage");
    await expect.poll(() => entries.size).toBe(3);
    const { memories } = valueOrThrow(await claimTask(object, `${correlationId}.write.main`, 1));
    // By meaning what its own model has read; the other by its word alone.
    expect(memories.toSorted()).toEqual(["Boil the beverage", "Sencha at five", "Serve oolong at four"]);
  }));

it("A retrieve_memory step and the memories of a task go by meaning", () =>
  withVectors("semantic_steps", async (object, { entries }) => {
    await object.putMemory("i", note("Serve oolong at four"), 100);
    await expect.poll(() => entries.size).toBe(1);
    const own = plan("find", {
      find: { action: "memory_search", input: { query: "which beverage" }, next_step: "write" },
      write: { action: "ai_text_generate", input: { prompt: "Which beverage?" } },
    });
    const request = startRequest("semantic_steps", {
      plan: own,
      instanceId: "i",
      config: { memory_config: { enabled: true } },
    });
    const { correlationId } = valueOrThrow(await object.startRun(request));
    const view = async () => valueOrThrow(await object.getRun(correlationId, "tenant"));
    await expect.poll(async () => (await view()).steps[0]?.status).toBe("completed");
    expect((await view()).data.find).toMatchObject({ memories: [{ content: "Serve oolong at four" }] });
    expect(valueOrThrow(await claimTask(object, `${correlationId}.write.main`, 1)).memories).toEqual([
      "Serve oolong at four",
    ]);
  }));

it("A service that fails loses no memory and no search: words still find, and meanings follow later", () =>
  withVectors("semantic_failing", async (object, { entries, state, asked }, storage) => {
    state.fail = () => "error";
    await object.putMemory("i", note("Serve oolong at four"), 100);
    await object.putMemory("i", note("The hound sleeps"), 100);
    await expect.poll(() => asked.length).toBeGreaterThan(0);
    expect(await contents(object, "oolong")).toEqual(["Serve oolong at four"]);
    expect(await contents(object, "beverage")).toEqual([]);
    const waiting = () => storage.sql.exec<{ n: number }>("SELECT count(*) AS n FROM memory_changes").one().n;
    expect(waiting()).toBe(2);
    state.fail = () => undefined;
    // What the alarm does, once the pause of a second is over.
    await expect.poll(() => object.alarm().then(() => entries.size), { timeout: 10_000 }).toBe(2);
    expect(waiting()).toBe(0);
    expect((await contents(object, "beverage"))[0]).toBe("Serve oolong at four");
  }));

it("A memory that no model takes holds up no other", () =>
  withVectors("semantic_poison", async (object, { entries, state }) => {
    state.fail = (texts) => (texts.some((text) => text.includes("poison")) ? "error" : undefined);
    await object.putMemory("i", note("poison"), 100);
    for (const content of ["tea one", "tea two", "tea three"])
      await object.putMemory("i", note(content), 100);
    await expect.poll(() => object.alarm().then(() => entries.size), { timeout: 15_000 }).toBe(3);
    expect(await contents(object, "poison")).toEqual(["poison"]);
  }));

it("A service that does not answer is not waited for", () =>
  withVectors("semantic_silent", async (object, { state }) => {
    await object.putMemory("i", note("Serve oolong at four"), 100);
    state.fail = () => "silence";
    const started = Date.now();
    expect(await contents(object, "oolong")).toEqual(["Serve oolong at four"]);
    expect(Date.now() - started).toBeLessThan(5000);
  }));
