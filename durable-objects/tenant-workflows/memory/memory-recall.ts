import { type Candidate, rankMemories, type SemanticIndex } from "#src/memory/index.ts";
import { type Memory, type MemoryQuery, ownersOfInstance, type RankedMemory } from "#src/objects/memory.ts";
import type { Logger } from "#src/observability/logger.ts";
import type { Metrics } from "#src/observability/metrics/metrics.ts";
import { redactedErrorFields } from "#src/observability/redaction.ts";
import type { MemoryChange, MemoryStore } from "./memory-store.ts";

/** Changes a semantic index follows at a time. */
const batchSize = 20;
/** Pause of the semantic index after a failure, doubling from the first to the second. */
const pauses = { first: 1000, longest: 300_000 };
/** A semantic index that takes longer to answer is not waited for. */
const maxSearchMs = 1000;

/** The one way to search memories: by full text and recency, and by meaning as well where a semantic index is bound. */
export class MemoryRecall {
  readonly #store: MemoryStore;
  readonly #semantic: SemanticIndex | undefined;
  readonly #logger: Logger;
  readonly #metrics: Metrics;
  /** Changes followed next: one alone after a failure, to tell which of them it is about. */
  #batch = batchSize;
  #pauseMs = 0;
  #pausedUntil = 0;

  constructor(
    store: MemoryStore,
    semantic: SemanticIndex | undefined,
    { logger, metrics }: { logger: Logger; metrics: Metrics },
  ) {
    this.#store = store;
    this.#semantic = semantic;
    this.#logger = logger;
    this.#metrics = metrics;
  }

  /** Whether everything is found inside this object, without waiting. */
  get isImmediate(): boolean {
    return this.#semantic === undefined;
  }

  /** By full text alone; best first. */
  now(query: MemoryQuery, now: number): RankedMemory[] {
    this.#metrics.count("ai_persona_memory_searches_total", { by: "words" });
    return this.#best(this.#store.withWordsOf(query), query, now);
  }

  /** By everything there is; best first. A semantic index that fails only makes the answer poorer. */
  async search(query: MemoryQuery, now: number): Promise<RankedMemory[]> {
    if (!this.#semantic) return this.now(query, now);
    this.#metrics.count("ai_persona_memory_searches_total", { by: "meaning" });
    const near = await this.#nearest(query);
    const byId = new Map<number, Candidate>();
    for (const candidate of this.#store.withWordsOf(query)) byId.set(candidate.memory.id, candidate);
    for (const { id, similarity } of near.filter((match) => match.similarity > 0)) {
      const known = byId.get(id);
      const memory: Memory | undefined =
        known?.memory ?? this.#store.find(query.instanceId, id, query.owners);
      if (!memory || (query.types.length > 0 && !query.types.includes(memory.type))) continue;
      byId.set(id, { memory, text: known?.text ?? null, meaning: similarity });
    }
    return this.#best([...byId.values()], query, now);
  }

  /**
   * Brings the semantic index up to date; true when there may be more to do. After a failure it rests for a while,
   * and what fails even alone goes behind the others: it holds nobody up, and nothing is given up.
   */
  async follow(now: number = Date.now()): Promise<boolean> {
    if (!this.#semantic || now < this.#pausedUntil) return false;
    const changes = this.#store.changes(this.#batch);
    const last = changes.at(-1);
    if (!last) return false;
    try {
      await apply(this.#semantic, changes);
    } catch (error) {
      this.#pauseMs = Math.min(Math.max(pauses.first, this.#pauseMs * 2), pauses.longest);
      this.#pausedUntil = now + this.#pauseMs;
      this.#logger.warn("memories not indexed by meaning; tried again later", {
        memories: changes.length,
        ...redactedErrorFields(error, { data: changes }),
      });
      if (changes.length === 1) this.#store.postpone(last);
      this.#batch = 1;
      return false;
    }
    this.#store.followed(last.change);
    const isMore = changes.length === this.#batch;
    this.#batch = Math.min(batchSize, this.#batch * 2);
    this.#pauseMs = 0;
    return isMore;
  }

  async #nearest({ instanceId, owners = ownersOfInstance, text, limit, embeddingModel }: MemoryQuery) {
    if (!this.#semantic) return [];
    const late = new AbortController();
    try {
      return await Promise.race([
        this.#semantic.nearest({ instanceId, owners, text, limit: limit * 2, embeddingModel }),
        afterTooLong(late.signal),
      ]);
    } catch (error) {
      this.#logger.warn("semantic search failed", redactedErrorFields(error, { data: [text] }));
      return [];
    } finally {
      late.abort();
    }
  }

  #best(candidates: readonly Candidate[], { limit }: MemoryQuery, now: number): RankedMemory[] {
    const best = rankMemories(candidates, now).slice(0, limit);
    this.#store.used(best, now);
    return best;
  }
}

/** Fails after the longest time that a search by meaning may take, unless it is called off. */
const afterTooLong = (calledOff: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const timer = setTimeout(() => reject(new Error(`No answer within ${maxSearchMs} ms`)), maxSearchMs);
    calledOff.addEventListener("abort", () => clearTimeout(timer));
  });

/** Puts memories that there are into the index and takes those out that are gone; of each its latest change. */
async function apply(index: SemanticIndex, changes: readonly MemoryChange[]): Promise<void> {
  const latest = [...new Map(changes.map((change) => [change.id, change])).values()];
  const kept = latest.flatMap(({ content, ...memory }) => (content === null ? [] : [{ ...memory, content }]));
  const gone = latest.filter(({ content }) => content === null);
  if (kept.length > 0) await index.put(kept);
  if (gone.length > 0) await index.remove(gone);
}
