import { jsonBytes, limits } from "#src/engine/limits.ts";
import { memoryConfigOf } from "#src/engine/memory-config.ts";
import type { RunState, TaskState } from "#src/engine/run-state.ts";
import { novelty } from "#src/memory/index.ts";
import type { MemoryQuery, NewMemory, RankedMemory } from "#src/objects/memory.ts";
import { cutText } from "#src/text/cut-text.ts";
import type { MemoryRecall } from "./memory-recall.ts";
import type { MemoryStore } from "./memory-store.ts";

export const isMemoryTask = ({ action }: Pick<TaskState, "action">): boolean =>
  action === "store_memory" || action === "retrieve_memory";

const asText = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

/** As much of a text as one memory holds. */
const fitting = (text: string): string =>
  jsonBytes(text) <= limits.memoryBytes ? text : cutText(text, limits.memoryBytes / 4);

/** Whose memory a run uses: its instance's, or its user's when it was started without one. */
const ownerOf = ({ header }: RunState): string => header.instanceId ?? header.userId;

const outputOf = (found: readonly RankedMemory[]) => ({
  memories: found.map(({ id, content, type, metadata, createdAt, score }) => ({
    id,
    content,
    type,
    metadata,
    created_at: createdAt,
    score,
  })),
});

/** What runs do with their instance's memory. */
export class MemoryTasks {
  readonly #store: MemoryStore;
  readonly #recall: MemoryRecall;

  constructor(store: MemoryStore, recall: MemoryRecall) {
    this.#store = store;
    this.#recall = recall;
  }

  /** Whether a memory task can be done without waiting for anything outside. */
  isImmediate({ action }: Pick<TaskState, "action">): boolean {
    return action === "store_memory" || this.#recall.isImmediate;
  }

  /** Carries out a memory task inside the object; a search looks at the full text alone. */
  perform(run: RunState, task: TaskState, now: number): Record<string, unknown> {
    if (task.action === "retrieve_memory") return outputOf(this.#recall.now(queryOf(run, task), now));
    const { content, type, metadata } = task.input;
    const text = fitting(asText(content ?? task.input));
    if (text.trim() === "") throw new Error("There is nothing to remember");
    const more = { ...(typeof metadata === "object" ? metadata : {}), run: run.header.id };
    if (jsonBytes(more) > limits.memoryMetadataBytes) throw new Error("The metadata is too large");
    const kept = this.#keep(
      run,
      { content: text, type: cutText(asText(type ?? "note"), 64), metadata: more },
      now,
    );
    return { stored: true, id: kept.id };
  }

  /** A search by everything there is. */
  async search(run: RunState, task: TaskState, now: number): Promise<Record<string, unknown>> {
    return outputOf(await this.#recall.search(queryOf(run, task), now));
  }

  /** Memories that fit a task's input, best first; none unless the instance has memory enabled. */
  async suited(run: RunState, task: TaskState, now: number): Promise<string[]> {
    const { enabled, retrieval_count, include_types, embedding_model } = memoryConfigOf(run.header.config);
    if (!enabled || isMemoryTask(task)) return [];
    const query: MemoryQuery = {
      instanceId: ownerOf(run),
      text: cutText(asText(task.input), 4000),
      limit: retrieval_count,
      types: include_types,
      embeddingModel: embedding_model,
    };
    const found = this.#recall.isImmediate
      ? this.#recall.now(query, now)
      : await this.#recall.search(query, now);
    return found.map(({ content }) => content);
  }

  /** Keeps what a step did: its action, input and output. With `auto_store`, only what is new enough. */
  rememberStep(run: RunState, stepName: string, now: number): void {
    const step = run.steps[stepName];
    if (!step) return;
    const inputs = Object.values(run.tasks)
      .filter((task) => task.stepName === stepName)
      .map(({ input }) => input);
    const content = fitting(JSON.stringify({ action: step.action, input: inputs, output: step.output }));
    if (!run.header.plan.steps[stepName]?.store_memory && !this.#isNewEnough(run, content)) return;
    this.#keep(run, { content, type: "step", metadata: { run: run.header.id, step: stepName } }, now);
  }

  #isNewEnough(run: RunState, content: string): boolean {
    const { auto_store_threshold } = memoryConfigOf(run.header.config);
    if (auto_store_threshold === 0) return true;
    const query: MemoryQuery = { instanceId: ownerOf(run), text: content, limit: 1, types: [] };
    const [closest] = this.#store.withWordsOf(query);
    return !closest || novelty(content, closest.memory.content) >= auto_store_threshold;
  }

  #keep(run: RunState, memory: NewMemory, now: number) {
    const { max_memories, embedding_model } = memoryConfigOf(run.header.config);
    return this.#store.put(ownerOf(run), { ...memory, embeddingModel: embedding_model }, max_memories, now);
  }
}

function queryOf(run: RunState, { input }: TaskState): MemoryQuery {
  const { retrieval_count, include_types, embedding_model } = memoryConfigOf(run.header.config);
  const { query, limit, types } = input;
  return {
    instanceId: ownerOf(run),
    text: asText(query ?? input),
    limit: typeof limit === "number" ? Math.min(50, Math.max(1, Math.floor(limit))) : retrieval_count,
    types: Array.isArray(types) ? types.map(asText) : include_types,
    embeddingModel: embedding_model,
  };
}
