import type { Memory, MemoryQuery, RankedMemory } from "../../src/memory/memory.ts";
import { type Candidate, rankMemories } from "../../src/memory/rank-memories.ts";
import type { SemanticIndex } from "../../src/memory/semantic-index.ts";
import { errorFields, type Logger } from "../../src/observability/logger.ts";
import type { MemoryStore } from "./memory-store.ts";

/** Changes a semantic index follows at a time. */
const batchSize = 20;

/** The one way to search memories: by full text and recency, and by meaning as well where a semantic index is bound. */
export class MemoryRecall {
  readonly #store: MemoryStore;
  readonly #semantic: SemanticIndex | undefined;
  readonly #logger: Logger;

  constructor(store: MemoryStore, semantic: SemanticIndex | undefined, logger: Logger) {
    this.#store = store;
    this.#semantic = semantic;
    this.#logger = logger;
  }

  /** Whether everything is found inside this object, without waiting. */
  get isImmediate(): boolean {
    return this.#semantic === undefined;
  }

  /** By full text alone; best first. */
  now(query: MemoryQuery, now: number): RankedMemory[] {
    return this.#best(this.#store.withWordsOf(query), query, now);
  }

  /** By everything there is; best first. A semantic index that fails only makes the answer poorer. */
  async search(query: MemoryQuery, now: number): Promise<RankedMemory[]> {
    const near = await this.#nearest(query);
    const byId = new Map<number, Candidate>();
    for (const candidate of this.#store.withWordsOf(query)) byId.set(candidate.memory.id, candidate);
    for (const { id, similarity } of near) {
      const known = byId.get(id);
      const memory: Memory | undefined = known?.memory ?? this.#store.find(query.instanceId, id);
      if (!memory || (query.types.length > 0 && !query.types.includes(memory.type))) continue;
      byId.set(id, { memory, text: known?.text ?? null, meaning: similarity });
    }
    return this.#best([...byId.values()], query, now);
  }

  /** Brings the semantic index up to date; true when there may be more to do. */
  async follow(): Promise<boolean> {
    const changes = this.#semantic ? this.#store.changes(batchSize) : [];
    const last = changes.at(-1);
    if (!this.#semantic || !last) return false;
    const latest = [...new Map(changes.map((change) => [change.id, change])).values()];
    const kept = latest.flatMap(({ content, ...memory }) =>
      content === null ? [] : [{ ...memory, content }],
    );
    const gone = latest.filter(({ content }) => content === null);
    if (kept.length > 0) await this.#semantic.put(kept);
    if (gone.length > 0) await this.#semantic.remove(gone);
    this.#store.followed(last.change);
    return changes.length === batchSize;
  }

  async #nearest({ instanceId, text, limit }: MemoryQuery) {
    try {
      return (await this.#semantic?.nearest({ instanceId, text, limit: limit * 2 })) ?? [];
    } catch (error) {
      this.#logger.warn("semantic search failed", errorFields(error));
      return [];
    }
  }

  #best(candidates: readonly Candidate[], { limit }: MemoryQuery, now: number): RankedMemory[] {
    const best = rankMemories(candidates, now).slice(0, limit);
    this.#store.used(best, now);
    return best;
  }
}
