import { foundOr, type Outcome } from "#src/kernel/outcome.ts";
import type { MemoriesApi } from "#src/objects/memories-api.ts";
import type {
  Memory,
  MemoryEdit,
  MemoryOwner,
  MemoryQuery,
  NewMemory,
  RankedMemory,
} from "#src/objects/memory.ts";
import type { Assembly } from "../assemble.ts";

/** What persona instances remember, as their owners see and change it. */
export class Memories implements MemoriesApi {
  readonly #parts: Assembly;

  constructor(parts: Assembly) {
    this.#parts = parts;
  }

  async listMemories(...query: Parameters<MemoriesApi["listMemories"]>): Promise<Memory[]> {
    return this.#parts.memories.page(...query);
  }

  async searchMemories(query: MemoryQuery): Promise<RankedMemory[]> {
    const { recall, handOver, delivery } = this.#parts;
    const found = await recall.search(query, Date.now());
    handOver.after((work) => delivery.after(work));
    return found;
  }

  async getMemory(instanceId: string, id: number): Promise<Outcome<Memory>> {
    return foundOr("No such memory", this.#parts.memories.find(instanceId, id));
  }

  async putMemory(instanceId: string, memory: NewMemory, maxMemories: number): Promise<Memory> {
    const { storage, memories, delivery } = this.#parts;
    const put = () => memories.put(instanceId, memory, maxMemories, Date.now());
    return delivery.deliver(storage.transactionSync(put));
  }

  async changeMemory(instanceId: string, id: number, change: MemoryEdit): Promise<Outcome<Memory>> {
    const { storage, memories, delivery } = this.#parts;
    const changed = storage.transactionSync(() => memories.change(instanceId, id, change));
    return delivery.deliver(foundOr("No such memory", changed));
  }

  async removeMemory(instanceId: string, id: number, owner?: MemoryOwner): Promise<Outcome<{ id: number }>> {
    const { storage, memories, delivery } = this.#parts;
    const removed = storage.transactionSync(() => memories.remove(instanceId, id, owner && [owner]));
    return delivery.deliver(foundOr("No such memory", removed ? { id } : undefined));
  }

  async removeMemoriesOf(instanceIds: readonly string[]): Promise<number> {
    const { storage, memories, delivery } = this.#parts;
    const remove = () => instanceIds.reduce((total, id) => total + memories.removeAll(id), 0);
    const removed = storage.transactionSync(remove);
    delivery.deliver({ applied: removed > 0 });
    return removed;
  }

  async forgetConversation(conversationId: string): Promise<number> {
    const { storage, memories, delivery } = this.#parts;
    const forget = () => memories.forget(conversationId, Date.now());
    const forgotten = storage.transactionSync(forget);
    delivery.deliver({ applied: forgotten > 0 });
    return forgotten;
  }

  async countMemories(): Promise<number> {
    return this.#parts.memories.count();
  }
}
