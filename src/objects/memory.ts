/** Something a persona instance remembers. Times in epoch milliseconds. */
export interface Memory {
  id: number;
  instanceId: string;
  type: string;
  content: string;
  metadata: Record<string, unknown>;
  createdAt: number;
  /** How often it was recalled, and when last; the least used go first when there are too many. */
  uses: number;
  usedAt: number;
}

/** A memory that has yet to be kept. */
export type NewMemory = Pick<Memory, "type" | "content" | "metadata"> & {
  /** `memory_config.embedding_model` of its instance. */
  embeddingModel?: string;
};

export interface MemoryQuery {
  instanceId: string;
  text: string;
  limit: number;
  /** Only memories of these types; all when empty. */
  types: readonly string[];
  /** As in `NewMemory`: by meaning, only what the same model has read is found. */
  embeddingModel?: string;
}

/** A memory with how well it fits, from 0 to 1. */
export type RankedMemory = Memory & { score: number };
