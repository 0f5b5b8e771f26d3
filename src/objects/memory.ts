/**
 * Whose a memory is. `shared`: everybody's who talks with the persona; `owner`: its owner's, and of what they have it
 * execute; else another person's, who has talked with it.
 */
export type MemoryOwner = "shared" | "owner" | `user:${string}` | `visitor:${string}`;

/** What the owner of an instance sees of its memory. */
export const ownersOfInstance = ["shared", "owner"] as const satisfies readonly MemoryOwner[];

/** Whose memory is used, and where what is kept comes from. */
export interface MemoryScope {
  owner: MemoryOwner;
  /** What is kept goes with it. */
  conversationId: string | null;
}

/** Something a persona instance remembers. Times in epoch milliseconds. */
export interface Memory {
  id: number;
  instanceId: string;
  owner: MemoryOwner;
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
  /** The instance's owner, unless something else is said. */
  owner?: MemoryOwner;
  /** The conversation that it comes from, with which it goes. */
  conversationId?: string | null;
  /** `memory_config.embedding_model` of its instance. */
  embeddingModel?: string;
};

/** What may be changed about a memory. */
export type MemoryEdit = Partial<Pick<NewMemory, "type" | "content" | "metadata">> & {
  owner?: (typeof ownersOfInstance)[number];
};

export interface MemoryQuery {
  instanceId: string;
  /** Whose memories are looked at; what the instance's owner sees, unless something else is said. */
  owners?: readonly MemoryOwner[];
  text: string;
  limit: number;
  /** Only memories of these types; all when empty. */
  types: readonly string[];
  /** As in `NewMemory`: by meaning, only what the same model has read is found. */
  embeddingModel?: string;
}

/** A memory with how well it fits, from 0 to 1. */
export type RankedMemory = Memory & { score: number };
