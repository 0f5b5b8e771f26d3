import type { Position } from "#src/http/page.ts";
import type { Outcome } from "#src/kernel/outcome.ts";
import type { Memory, MemoryEdit, MemoryOwner, MemoryQuery, NewMemory, RankedMemory } from "./memory.ts";

/**
 * The memories of a tenant's persona instances, kept by the workflow object that holds the instance's runs. Where no owner
 * is named, it is about what the instance's owner sees: never about what other people have told it.
 */
export interface MemoriesApi {
  /** Newest first, those of one person where an owner is named; one more than the limit when there are more. */
  listMemories(
    instanceId: string,
    page: { after?: Position; limit: number; type?: string; owner?: MemoryOwner },
  ): Promise<Memory[]>;
  /** Best first; what is found counts as used. */
  searchMemories(query: MemoryQuery): Promise<RankedMemory[]>;
  getMemory(instanceId: string, id: number): Promise<Outcome<Memory>>;
  /** Keeps a memory; beyond `maxMemories` the least used of the instance go, the oldest of them first. */
  putMemory(instanceId: string, memory: NewMemory, maxMemories: number): Promise<Memory>;
  changeMemory(instanceId: string, id: number, change: MemoryEdit): Promise<Outcome<Memory>>;
  /** Removes everything that some instances remember; returns how many memories that were. */
  removeMemoriesOf(instanceIds: readonly string[]): Promise<number>;
  removeMemory(instanceId: string, id: number, owner?: MemoryOwner): Promise<Outcome<{ id: number }>>;
  /** Removes what comes from a conversation that was erased, and keeps nothing of it any more; returns how many memories that were. */
  forgetConversation(conversationId: string): Promise<number>;
  /** How many memories the object holds, of all instances together. */
  countMemories(): Promise<number>;
}
