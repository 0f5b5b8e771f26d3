import { DurableObject } from "cloudflare:workers";
import { systemClock } from "#src/kernel/clock.ts";
import type { ObjectPlatformBindings } from "#src/object-platform.ts";
import {
  type ConversationSearchApi,
  type FoundConversations,
  type SearchCopies,
  type SearchHit,
  type SearchQuery,
  searchCopiesSchema,
  searchQuerySchema,
} from "#src/objects/conversation-search-api.ts";
import { hasTables, takeSteps } from "../table-steps.ts";
import { IndexStore } from "./index-store.ts";
import { tableSteps } from "./tables.ts";

/**
 * What is found of a tenant's conversations, by what was said in them. Conversations tell it; it is the truth of
 * nothing. One that was told nothing has no tables, and finds nothing.
 */
export class ConversationSearch
  extends DurableObject<ObjectPlatformBindings>
  implements ConversationSearchApi
{
  async put(given: SearchCopies): Promise<void> {
    const copies = searchCopiesSchema.parse(given);
    this.#written((index) => index.put(copies));
  }

  async erase(conversationId: string): Promise<boolean> {
    return this.#written((index) => index.erase(conversationId, systemClock.now()));
  }

  async find(given: SearchQuery): Promise<SearchHit[]> {
    const query = searchQuerySchema.parse(given);
    return this.#index?.find(query) ?? [];
  }

  async conversationsWith(q: string): Promise<FoundConversations> {
    return this.#index?.conversationsWith(q) ?? { ids: [], isLowerBound: false };
  }

  get #index(): IndexStore | undefined {
    const { sql } = this.ctx.storage;
    return hasTables(sql) ? new IndexStore(sql) : undefined;
  }

  #written<T>(work: (index: IndexStore) => T): T {
    const { storage } = this.ctx;
    takeSteps(storage, tableSteps);
    return storage.transactionSync(() => work(new IndexStore(storage.sql)));
  }
}
