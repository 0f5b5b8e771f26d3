import type { Memory, MemoryOwner } from "#src/objects/memory.ts";

/** Finds memories by meaning. Kept beside the tenant object, which holds the memories themselves. */
export interface SemanticIndex {
  /** Makes a memory findable, to its owner; again for the same id replaces it. */
  put(
    memories: readonly (Pick<Memory, "id" | "instanceId" | "owner" | "content"> & {
      embeddingModel: string | null;
    })[],
  ): Promise<void>;
  remove(memories: readonly Pick<Memory, "id" | "instanceId">[]): Promise<void>;
  /** Ids of some owners' memories closest to a text, with their similarity from -1 to 1. */
  nearest(query: {
    instanceId: string;
    owners: readonly MemoryOwner[];
    text: string;
    limit: number;
    embeddingModel?: string;
  }): Promise<{ id: number; similarity: number }[]>;
}
