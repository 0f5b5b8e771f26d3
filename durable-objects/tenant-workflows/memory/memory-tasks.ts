import { jsonBytes, limits } from "#src/engine/limits.ts";
import { agentRemembers, memoryConfigOf } from "#src/engine/memory-config.ts";
import { topicOfStep } from "#src/engine/plans/actions.ts";
import type { RunState, TaskState } from "#src/engine/run-state.ts";
import { agentTypeOfTopic } from "#src/engine/topics.ts";
import {
  effectivenessOf,
  learnedFrom,
  memoryOwnerSchema,
  novelty,
  patternOf,
  reasoningPattern,
  subjectOf,
  useful,
} from "#src/memory/index.ts";
import type { MemoryOwner, MemoryQuery, MemoryScope, NewMemory, RankedMemory } from "#src/objects/memory.ts";
import { chatTurnTopic } from "#src/objects/turn-contract.ts";
import { cutText } from "#src/text/cut-text.ts";
import type { MemoryRecall } from "./memory-recall.ts";
import type { MemoryStore } from "./memory-store.ts";

export const isMemoryTask = ({ action }: Pick<TaskState, "action">): boolean =>
  action === "store_memory" || action === "retrieve_memory";

const asText = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

/** As much of a text as one memory holds. */
const cutToFit = (text: string): string =>
  jsonBytes(text) <= limits.memoryBytes ? text : cutText(text, limits.memoryBytes / 4);

/** What a task is about. */
const textOf = ({ topic, input }: TaskState): string =>
  agentTypeOfTopic(topic) === "reasoning" ? subjectOf(input) : asText(input);

/** The memory that a run uses: its instance's, or its user's when it was started without one. */
const instanceOf = ({ header }: RunState): string => header.instanceId ?? header.userId;

/** Whose memory a run uses, and where what it keeps comes from. A turn of a conversation knows its own person alone. */
function scopeOf({ header }: RunState): MemoryScope {
  const { memoryOf } = header;
  if (!memoryOf) return { owner: "owner", conversationId: null };
  return { owner: memoryOwnerSchema.parse(memoryOf.owner), conversationId: memoryOf.conversationId };
}

/** Whose memories a run is told: what everybody is, and those of its own person. */
const recalledFor = (run: RunState): MemoryOwner[] => ["shared", scopeOf(run).owner];

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
    const text = cutToFit(asText(content ?? task.input));
    if (text.trim() === "") throw new Error("There is nothing to remember");
    const more = { ...(typeof metadata === "object" ? metadata : {}), run: run.header.id };
    if (jsonBytes(more) > limits.memoryMetadataBytes) throw new Error("The metadata is too large");
    const kept = this.#keep(
      run,
      { content: text, type: cutText(asText(type ?? "note"), 64), metadata: more },
      now,
    );
    if (!kept) throw new Error("The conversation is not there any more");
    return { stored: true, id: kept.id };
  }

  /** A search by everything there is. */
  async search(run: RunState, task: TaskState, now: number): Promise<Record<string, unknown>> {
    return outputOf(await this.#recall.search(queryOf(run, task), now));
  }

  /** Memories that fit a task's input, best first; none unless the instance has memory enabled. */
  async suited(run: RunState, task: TaskState, now: number): Promise<string[]> {
    // What a turn is about is its conversation's to know: whoever answers it asks for what fits.
    return isMemoryTask(task) || task.topic === chatTurnTopic
      ? []
      : this.fitting(run, task.topic, textOf(task), now);
  }

  /**
   * Memories that fit a text, best first, of what the run's person may be told; none unless memory is enabled, of the
   * instance or of the agent of a topic.
   */
  async fitting(run: RunState, topic: string, text: string, now: number): Promise<string[]> {
    const { enabled, retrieval_count, include_types, embedding_model } = memoryConfigOf(run.header.config);
    if (!enabled && !agentRemembers(run.header, topic)) return [];
    const reasons = agentTypeOfTopic(topic) === "reasoning";
    const query: MemoryQuery = {
      instanceId: instanceOf(run),
      owners: recalledFor(run),
      text: cutText(text, 4000),
      // Some of what is found may not be for this agent.
      limit: retrieval_count * 2,
      types: include_types,
      embeddingModel: embedding_model,
    };
    const found = this.#recall.isImmediate
      ? this.#recall.now(query, now)
      : await this.#recall.search(query, now);
    return useful(found, { reasons, limit: retrieval_count }).map(({ content }) => content);
  }

  /** Keeps what a step did: its action, input and output. With `auto_store`, only what is new enough. */
  rememberStep(run: RunState, stepName: string, now: number): void {
    const step = run.steps[stepName];
    if (!step) return;
    const inputs = Object.values(run.tasks)
      .filter((task) => task.stepName === stepName)
      .map(({ input }) => input);
    const pattern = patternOf(inputs, step.output);
    if (pattern && agentRemembers(run.header, topicOf(run, stepName)))
      this.#keep(run, patternMemory(run, stepName, pattern), now);
    const { enabled, auto_store } = memoryConfigOf(run.header.config);
    const keepsTexts = enabled && auto_store && step.action === "ai_text_generate";
    if (!run.header.plan.steps[stepName]?.store_memory && !keepsTexts) return;
    const content = cutToFit(JSON.stringify({ action: step.action, input: inputs, output: step.output }));
    if (!run.header.plan.steps[stepName]?.store_memory && !this.#isNewEnough(run, content)) return;
    this.#keep(run, { content, type: "step", metadata: { run: run.header.id, step: stepName } }, now);
  }

  /** A run has ended: what it has reasoned is judged by that. What was reasoned anew had not been good enough. */
  noteOutcome(run: RunState): void {
    const outcome = outcomeOf(run);
    if (outcome === undefined || !Object.values(run.steps).some(({ output }) => patternOf(null, output)))
      return;
    const judged = new Set<unknown>();
    for (const { id, instanceId, metadata } of this.#store.patternsOf(instanceOf(run), run.header)) {
      const isLast = !judged.has(metadata.step);
      judged.add(metadata.step);
      const effectiveness = learnedFrom(effectivenessOf(metadata), isLast ? outcome : 0);
      this.#store.annotate(instanceId, id, { ...metadata, effectiveness });
    }
  }

  #isNewEnough(run: RunState, content: string): boolean {
    const { auto_store_threshold } = memoryConfigOf(run.header.config);
    if (auto_store_threshold === 0) return true;
    const query: MemoryQuery = {
      instanceId: instanceOf(run),
      owners: [scopeOf(run).owner],
      text: content,
      limit: 1,
      types: [],
    };
    const [closest] = this.#store.withWordsOf(query);
    return !closest || novelty(content, closest.memory.content) >= auto_store_threshold;
  }

  #keep(run: RunState, memory: NewMemory, now: number) {
    const { max_memories, embedding_model } = memoryConfigOf(run.header.config);
    const scope = scopeOf(run);
    // A conversation that was erased leaves nothing behind, whatever of it is still under way.
    if (scope.conversationId !== null && this.#store.isForgotten(scope.conversationId)) return undefined;
    const kept = { ...memory, ...scope, embeddingModel: embedding_model };
    return this.#store.put(instanceOf(run), kept, max_memories, now);
  }
}

/** Where a step's tasks go. */
function topicOf({ header }: RunState, stepName: string): string {
  const step = header.plan.steps[stepName];
  return (step && topicOfStep(step, header.config)) ?? "";
}

const patternMemory = (
  { header }: RunState,
  step: string,
  { content, effectiveness }: NonNullable<ReturnType<typeof patternOf>>,
): NewMemory => ({
  content: cutToFit(content),
  type: reasoningPattern,
  metadata: { run: header.id, step, effectiveness },
});

/** What a run's end says of what was reasoned in it; undefined where it says nothing. */
function outcomeOf({ status, error }: RunState): number | undefined {
  if (status === "completed") return 1;
  return status === "failed" && error?.code === "WORKFLOW_REJECTED" ? 0 : undefined;
}

function queryOf(run: RunState, { input }: TaskState): MemoryQuery {
  const { retrieval_count, include_types, embedding_model } = memoryConfigOf(run.header.config);
  const { query, limit, types } = input;
  return {
    instanceId: instanceOf(run),
    owners: recalledFor(run),
    text: asText(query ?? input),
    limit: typeof limit === "number" ? Math.min(50, Math.max(1, Math.floor(limit))) : retrieval_count,
    types: Array.isArray(types) ? types.map(asText) : include_types,
    embeddingModel: embedding_model,
  };
}
